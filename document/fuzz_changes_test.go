package document_test

import (
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/document"
)

// FuzzUnmarshalChanges applies whatever is written down as changes: it is
// refused, or leads to a whole document.
func FuzzUnmarshalChanges(f *testing.F) {
	plan := planType(f)
	tracker := trackerType(f)
	for _, text := range []string{
		`[[{"op":"set","id":"P1.M1.T1.S1","to":"Ready"},{"op":"force","id":"P1","to":"Complete","reason":"x"}]]`,
		`[[{"op":"edit","id":"P1","parent":{"id":""},"fields":[{"key":"title","value":"\"x\""}]}]]`,
		`[[{"op":"edit","id":"P1","parent":{"id":""},"fields":[{"key":"title","value":"\"x\",\"status\":\"Complete\""}]}]]`,
		`[[{"op":"add","id":"P2","parent":{"id":""},"item":"{\"type\":\"Phase\",\"id\":\"P2\",\"title\":\"T\",\"status\":\"Planned\",\"description\":\"D\"}"}],[{"op":"move","id":"P1.M1","parent":{"id":"P2"}}]]`,
		`[[{"op":"add","group":"g","id":"4","parent":{"group":"g","id":""},"item":" {\"id\":4,\"title\":\"a\",\"status\":\"pending\",\"subtasks\":[{\"id\":\"4.1\",\"title\":\"b\",\"status\":\"pending\"}]}\n"}]]`,
		`[[{"op":"remove","id":"P1.M1.T1.S2"},{"op":"fire","id":"P1.M1.T1","event":"obsolete"}]]`,
		`[[{"op":"add","id":"P2"},{"op":"move","id":"P1"},{"op":"edit","id":"P1"}]]`,
		`[[{"op":"add","id":"P1","parent":{"id":""},"item":"!x"}]]`,
		`[[{"op":"move","group":"g","id":"1.2","parent":{"group":"g","id":"b"}},{"op":"edit","group":"g","id":"b","parent":{"id":""},"fields":[{"key":"dependencies","value":"[1, \"1.2\"]"}]}]]`,
	} {
		f.Add(text)
	}
	f.Add(`[[{"op":"add","id":"4","parent":{"group":"` + strings.Repeat("g", document.MaxIDLength+1) + `","id":""},"item":"{\"id\":4,\"title\":\"a\",\"status\":\"pending\"}"}]]`)
	const tasks = `{"g":{"tasks":[{"id":1,"title":"a","status":"pending","dependencies":["b"],"subtasks":[{"id":1,"title":"a","status":"done","dependencies":[2]},{"id":2,"title":"a","status":"done"}]},{"id":"b","title":"a","status":"done","dependencies":["1.1"],"subtasks":null}]}}`
	f.Fuzz(func(t *testing.T, text string) {
		for _, doc := range []*document.Document{
			mustParse(t, plan, smallPlan("Planned Planned Implementing Complete Planned Ready")), mustParse(t, tracker, tasks), tracker.New(),
		} {
			groups, err := doc.Type().UnmarshalChanges([]byte(text))
			if err != nil {
				continue
			}
			for _, group := range groups {
				to, applied, err := doc.Apply(group...)
				if err != nil {
					checkErrors(t, err)
					continue
				}
				checkAccepted(t, doc, to, applied, group)
				doc = to
			}
		}
	})
}
