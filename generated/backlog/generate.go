package backlog

//go:generate go run ../../cmd/backlog-gen generate --schema ../../schema/formats/prp/schema.yaml --out .
