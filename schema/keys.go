package schema

// key is a key that a construct of the language may have.
type key struct {
	name     string
	required bool
}

// construct is a kind of mapping in the language, under the name that
// schema.json has for it.
type construct struct {
	name string
	// article and words that messages use: "a level".
	what string
	keys []key
}

func (c *construct) has(name string) bool {
	for _, k := range c.keys {
		if k.name == name {
			return true
		}
	}
	return false
}

func (c *construct) names() []string {
	list := make([]string, len(c.keys))
	for i, k := range c.keys {
		list[i] = k.name
	}
	return list
}

// optional and required make the keys of a construct.
func optional(names ...string) []key { return makeKeys(false, names) }
func required(names ...string) []key { return makeKeys(true, names) }

func makeKeys(required bool, names []string) []key {
	list := make([]key, len(names))
	for i, name := range names {
		list[i] = key{name, required}
	}
	return list
}

// The constructs of the language. They are constants in all but Go's grammar.
var (
	schemaConstruct = construct{"schema", "a schema",
		append(required("package", "document", "statuses", "events", "machines", "levels"), optional("enums", "objects")...)}
	packageConstruct = construct{"package", "the package",
		append(required("name", "root"), optional("doc")...)}
	documentConstruct = construct{"document", "the document",
		append(required("shapes"), optional("fields", "indent", "final_newline")...)}
	shapeConstruct = construct{"shape", "a shape",
		append(required("kind"), optional("lists")...)}
	listConstruct = construct{"list", "a list",
		append(required("of"), optional("key", "keyed")...)}
	statusConstruct = construct{"status", "a status",
		append(required("category"), optional("name", "doc", "aliases")...)}
	eventConstruct = construct{"event", "an event",
		optional("name", "doc")}
	machineConstruct = construct{"machine", "a machine",
		append(required("initial", "transitions"), optional("doc", "states")...)}
	transitionConstruct = construct{"transition", "a transition",
		required("event", "from", "to")}
	enumConstruct = construct{"enum", "an enum",
		append(required("values"), optional("doc", "unknown")...)}
	enumValueConstruct = construct{"enumValue", "an enum value",
		optional("name", "doc", "aliases")}
	objectConstruct = construct{"object", "an object",
		append(required("fields"), optional("doc")...)}
	levelConstruct = construct{"level", "a level",
		append(required("id"), optional("plural", "doc", "status", "machine", "children", "fields", "guards", "rollup", "claim")...)}
	idConstruct = construct{"id", "an id",
		append(required("kind"), optional("key", "prefix", "pattern", "accepts", "next", "duplicate")...)}
	levelStatusConstruct = construct{"levelStatus", "the status of a level",
		optional("key", "values", "optional", "nullable", "unknown")}
	childrenConstruct = construct{"children", "a list of children",
		append(required("of"), optional("key", "keyed", "required", "nullable")...)}
	fieldConstruct = construct{"field", "a field",
		append(optional("name", "doc", "type", "form", "constant", "list", "required", "nullable", "default", "to", "warn"),
			rulesConstruct.keys...)}
	rulesConstruct = construct{"rules", "the key warn",
		optional("length", "items", "min", "max", "over", "under", "multiple_of", "pattern", "one_of", "prefix",
			"sections", "unique")}
	guardConstruct = construct{"guard", "a guard",
		append(required("events"), optional("children", "dependencies", "parent", "custom", "field", "where", "doc")...)}
	rollupConstruct = construct{"rollup", "a rollup",
		required("when", "to")}
	claimConstruct = construct{"claim", "a claim",
		append(required("from", "to"), optional("field", "where")...)}
)
