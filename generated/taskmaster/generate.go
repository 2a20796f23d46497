package taskmaster

//go:generate go run ../../cmd/backlog-gen generate --schema ../../schema/taskmaster.yaml --out .
