// Package infer guesses a schema from a document: which list is the work, which
// levels of items it has, how their ids are made, which statuses and fields they
// hold, and what they wait for.
//
// What is in a document, internal/survey finds; here it is chosen, and written as
// a schema. A document shows what there is and not what there may be, so a guess
// is a beginning to be looked over: a [Guess] says what was taken for what, what
// was left out, and what to look at. Where nothing says how far the work is, there
// is an [Error] and no guess.
package infer
