package schema_test

import (
	"errors"
	"regexp"
	"testing"

	"github.com/backlog-gen/backlog-gen/schema"
)

// diagnose returns everything that loading the schema reports.
func diagnose(t *testing.T, name, text string) []schema.Diagnostic {
	t.Helper()
	return diagnoseBy(t, schema.Parse, name, text)
}

func diagnoseBy(t *testing.T, parse func(string, []byte) (*schema.Model, error), name, text string) []schema.Diagnostic {
	t.Helper()
	m, err := parse(name, []byte(text))
	if err == nil {
		return m.Warnings
	}
	var refused *schema.Error
	if !errors.As(err, &refused) {
		t.Fatalf("Parse: %v, want *schema.Error", err)
	}
	return refused.Diagnostics
}

func TestEachRuleHasAWrongAndARightExample(t *testing.T) {
	for _, rule := range schema.Rules() {
		t.Run(rule.Rule, func(t *testing.T) {
			if rule.Meaning == "" {
				t.Error("no meaning")
			}
			wrong := diagnose(t, "wrong.yaml", schema.Complete(rule.Wrong))
			if len(wrong) == 0 {
				t.Error("the wrong example loads clean")
			}
			for _, d := range wrong {
				if d.Rule != rule.Rule || d.Severity != rule.Severity {
					t.Errorf("the wrong example yields %v", d)
				}
			}
			for _, d := range diagnose(t, "right.yaml", schema.Complete(rule.Right)) {
				t.Errorf("the right example yields %v", d)
			}
		})
	}
}

func TestRuleIDsAreUniqueAndPlain(t *testing.T) {
	seen := make(map[string]bool)
	plain := regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	for _, rule := range schema.Rules() {
		if seen[rule.Rule] || !plain.MatchString(rule.Rule) {
			t.Errorf("rule id %q repeats or is not plain", rule.Rule)
		}
		seen[rule.Rule] = true
	}
}

func TestExplain(t *testing.T) {
	got, ok := schema.Explain("trap-state")
	if !ok || got.Rule != "trap-state" || got.Meaning == "" {
		t.Errorf("Explain(trap-state) = %+v, %v", got, ok)
	}
	if got, ok := schema.Explain("no-such-rule"); ok {
		t.Errorf("Explain(no-such-rule) = %+v, true", got)
	}
}
