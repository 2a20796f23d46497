package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/backlog-gen/backlog-gen/internal/spelling"
	"github.com/backlog-gen/backlog-gen/schema"
)

func newExplain() *cobra.Command {
	return &cobra.Command{
		Use:   "explain [RULE]",
		Short: "Say what a rule of schemas or documents means, with examples",
		Long: `explain says what a rule means, and shows what breaks it and what keeps it. Each
finding ends with the name of its rule, in brackets. Without a name, explain lists
all rules: those of schemas, which vet reports, and those of documents, which
validate reports and the errors of generated packages name. Brackets and capitals
do not matter.`,
		Example: `  backlog-gen explain trap-state
  backlog-gen explain '[minLength]'`,
		Args: arguments(0, 1, "one rule or none"),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return ruleNames(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return listRules(cmd.OutOrStdout())
			}
			return explain(cmd.OutOrStdout(), args[0])
		},
	}
}

// ruleNames lists the rules of schemas and documents, each once.
func ruleNames() []string {
	var names []string
	for _, rule := range schema.Rules() {
		names = append(names, rule.Rule)
	}
	for _, rule := range documentRules() {
		names = append(names, rule.Rule)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func listRules(w io.Writer) error {
	var b strings.Builder
	b.WriteString("Rules of schemas:\n\n")
	for _, rule := range schema.Rules() {
		fmt.Fprintf(&b, "%-24s %s\n", rule.Rule, rule.Severity)
	}
	b.WriteString("\nRules of documents:\n\n")
	for _, rule := range documentRules() {
		fmt.Fprintf(&b, "%-24s %s\n", rule.Rule, rule.Severity)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// explain explains a rule. Some names are those of a rule of schemas and of
// another of documents: it explains both.
func explain(w io.Writer, asked string) error {
	name := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(asked), "["), "]")
	var parts []string
	for _, rule := range schema.Rules() {
		if strings.EqualFold(rule.Rule, name) {
			parts = append(parts, explainSchemaRule(rule))
		}
	}
	for _, rule := range documentRules() {
		if strings.EqualFold(rule.Rule, name) {
			parts = append(parts, explainDocumentRule(rule))
		}
	}
	if parts == nil {
		if nearest := spelling.Nearest(name, ruleNames()); nearest != "" {
			return fmt.Errorf("no rule %q: did you mean %q?", asked, nearest)
		}
		return fmt.Errorf("no rule %q: backlog-gen explain lists them", asked)
	}
	_, err := io.WriteString(w, strings.Join(parts, "\n"))
	return err
}

func explainSchemaRule(rule schema.Explanation) string {
	return fmt.Sprintf("%s (%s, of schemas)\n\n%s\n", rule.Rule, rule.Severity, rule.Meaning) +
		example("Wrong", rule.Wrong) + example("Right", rule.Right)
}

func explainDocumentRule(rule documentRule) string {
	return fmt.Sprintf("%s (%s, of documents)\n\n%s\n", rule.Rule, rule.Severity, rule.Meaning) +
		example("Where the schema says", rule.Schema) + example("Wrong", rule.Wrong) + example("Right", rule.Right)
}

// example shows a text under a title, nothing if there is none.
func example(title, text string) string {
	if text == "" {
		return ""
	}
	return "\n" + title + ":\n\n" + indented(strings.ToValidUTF8(text, "\uFFFD")) + "\n"
}

func indented(text string) string {
	return "    " + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n    ")
}
