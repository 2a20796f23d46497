package taskmaster

//go:generate go run ../../cmd/backlog-gen generate --schema ../../schema/formats/taskmaster/schema.yaml --out .
