package docs

import "github.com/backlog-gen/backlog-gen/schema"

// property is what an object holds under a key: a value, or an object that paths
// lead through.
type property struct {
	key      string
	value    members
	required bool
	inner    properties
	// holds says that something in an object has to be there, or may not be null: then
	// the object may not be null either.
	holds bool
}

// properties of an object, in the order in which new ones are written.
type properties []*property

// put places a value at the end of a path. Objects on the way to what is required
// are required themselves; others may be null where all that they hold may be.
func (p *properties) put(path schema.Path, required, nullable bool, value members) {
	for i, key := range path {
		at := p.find(key)
		at.required = at.required || required
		at.holds = at.holds || required || !nullable
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
			if value = b.nested(each.inner); !each.holds && !b.strict {
				value = orNull(value)
			}
		}
		all = append(all, member{each.key, value})
		if each.required {
			required = append(required, each.key)
		}
	}
	return b.object(all, required)
}
