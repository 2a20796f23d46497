// Package infer guesses a schema from a document: which levels of items it has,
// how their ids are made, which statuses and fields they hold.
//
// A document shows what there is and not what there may be, so the guess is a
// beginning to be looked over: [Guess.Remarks] says what was taken for what.
package infer
