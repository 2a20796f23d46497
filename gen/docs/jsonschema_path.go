package docs

import "github.com/backlog-gen/backlog-gen/schema"

// property is what an object holds under a key: a value, or an object that paths
// lead through.
type property struct {
	key      string
	value    members
	required bool
	inner    properties
}

// properties of an object, in the order in which new ones are written.
type properties []*property

// put places a value at the end of a path. Objects on the way to what is required
// are required themselves.
func (p *properties) put(path schema.Path, required bool, value members) {
	for i, key := range path {
		at := p.find(key)
		at.required = at.required || required
		if i == len(path)-1 {
			at.value = value
			return
		}
		p = &at.inner
	}
}

func (p *properties) find(key string) *property {
	for _, each := range *p {
		if each.key == key {
			return each
		}
	}
	added := &property{key: key}
	*p = append(*p, added)
	return added
}

// nested returns the schema of an object with properties.
func (b *schemaBuilder) nested(p properties) members {
	var all members
	var required []string
	for _, each := range p {
		value := each.value
		if len(each.inner) > 0 {
			value = b.nested(each.inner)
		}
		all = append(all, member{each.key, value})
		if each.required {
			required = append(required, each.key)
		}
	}
	return b.object(all, required)
}
