package backlog

//go:generate go run ../../cmd/backlog-gen generate --schema ../../schema/backlog.yaml --out .
