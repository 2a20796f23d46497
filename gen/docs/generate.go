package docs

//go:generate go run ../../cmd/backlog-gen docs --schema ../../schema/formats/prp/schema.yaml --out ../../docs/reference
//go:generate go run ../../cmd/backlog-gen docs --schema ../../schema/formats/prp/schema.yaml --out ../../docs/reference --format jsonschema
//go:generate go run ../../cmd/backlog-gen docs --schema ../../schema/formats/prp/schema.yaml --out ../../docs/reference --format jsonschema --strict
//go:generate go run ../../cmd/backlog-gen docs --schema ../../schema/formats/taskmaster/schema.yaml --out ../../docs/reference
//go:generate go run ../../cmd/backlog-gen docs --schema ../../schema/formats/taskmaster/schema.yaml --out ../../docs/reference --format jsonschema
//go:generate go run ../../cmd/backlog-gen docs --schema ../../schema/formats/taskmaster/schema.yaml --out ../../docs/reference --format jsonschema --strict
