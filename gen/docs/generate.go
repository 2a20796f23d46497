package docs

//go:generate go run ../../cmd/backlog-gen docs --schema ../../schema/backlog.yaml --out ../../docs/reference
//go:generate go run ../../cmd/backlog-gen docs --schema ../../schema/backlog.yaml --out ../../docs/reference --format jsonschema
//go:generate go run ../../cmd/backlog-gen docs --schema ../../schema/backlog.yaml --out ../../docs/reference --format jsonschema --strict
//go:generate go run ../../cmd/backlog-gen docs --schema ../../schema/taskmaster.yaml --out ../../docs/reference
//go:generate go run ../../cmd/backlog-gen docs --schema ../../schema/taskmaster.yaml --out ../../docs/reference --format jsonschema
//go:generate go run ../../cmd/backlog-gen docs --schema ../../schema/taskmaster.yaml --out ../../docs/reference --format jsonschema --strict
