// Package faultfs is a file system in memory that fails on purpose.
//
// It keeps apart what a running system sees and what is durable: content
// becomes durable by syncing the file, a name by syncing its directory. A file
// whose sync has failed forgets the pages that it could not write: they are
// never made durable, although later syncs succeed. [FS.PowerCut] falls back to
// what is durable, [FS.Kill] ends the process and keeps what the system sees.
//
// Every operation has a number, counted from 1, and one [Fault] can be planted
// at one of them. It is made for tests.
package faultfs
