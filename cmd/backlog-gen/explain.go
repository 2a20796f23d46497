package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/backlog-gen/backlog-gen/schema"
)

func newExplain() *cobra.Command {
	return &cobra.Command{
		Use:   "explain [RULE]",
		Short: "Say what a rule of schemas means, with examples",
		Long: `explain says what the rule means that a finding names in brackets, and shows a
piece of a schema that breaks it and one that keeps it. Without a rule it lists
them all.`,
		Example: `  backlog-gen explain trap-state`,
		Args:    cobra.MaximumNArgs(1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return ruleNames(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return listRules(cmd.OutOrStdout())
			}
			rule, ok := schema.Explain(args[0])
			if !ok {
				return fmt.Errorf("no rule %q: backlog-gen explain lists them", args[0])
			}
			return explain(cmd.OutOrStdout(), rule)
		},
	}
}

func ruleNames() []string {
	var names []string
	for _, rule := range schema.Rules() {
		names = append(names, rule.Rule)
	}
	return names
}

func listRules(w io.Writer) error {
	for _, rule := range schema.Rules() {
		if _, err := fmt.Fprintf(w, "%-24s %s\n", rule.Rule, rule.Severity); err != nil {
			return err
		}
	}
	return nil
}

func explain(w io.Writer, rule schema.Explanation) error {
	_, err := fmt.Fprintf(w, "%s (%s)\n\n%s\n\nWrong:\n\n%s\n\nRight:\n\n%s\n",
		rule.Rule, rule.Severity, rule.Meaning, indented(rule.Wrong), indented(rule.Right))
	return err
}

func indented(text string) string {
	return "    " + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n    ")
}
