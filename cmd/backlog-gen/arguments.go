package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/backlog-gen/backlog-gen/internal/spelling"
)

// noArguments refuses arguments where nothing is to be named.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return fmt.Errorf("%s takes no arguments: %q is one too many", cmd.Name(), args[0])
}

// arguments refuses fewer or more arguments than a command takes; most is -1 for
// any number. want says what they are.
func arguments(least, most int, want string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < least || most >= 0 && len(args) > most {
			return fmt.Errorf("%s takes %s, not %d arguments: see %s --help", cmd.Name(), want, len(args), cmd.CommandPath())
		}
		return nil
	}
}

// findCommand refuses what is no command, before anything else is looked at: help
// for a command that does not exist would pass for that of all.
func findCommand(root *cobra.Command, args []string) error {
	if len(args) > 0 && strings.HasPrefix(args[0], cobra.ShellCompRequestCmd) {
		return nil // the shell asks for what could follow
	}
	found, rest, err := root.Find(args)
	if err != nil {
		return err
	}
	if !found.HasSubCommands() {
		return nil
	}
	for _, arg := range rest {
		switch {
		case arg == "--":
			return nil
		case !strings.HasPrefix(arg, "-"):
			return unknownCommand(found, arg)
		}
	}
	return nil
}

// unknownCommand says that there is no such command, and which is meant.
func unknownCommand(parent *cobra.Command, name string) error {
	var names []string
	for _, c := range parent.Commands() {
		if c.IsAvailableCommand() || c.Name() == "help" {
			names = append(names, c.Name())
		}
	}
	if nearest := spelling.Nearest(name, names); nearest != "" {
		return fmt.Errorf("no command %q: did you mean %q?", name, nearest)
	}
	return fmt.Errorf("no command %q: want %s or %s", name, strings.Join(names[:len(names)-1], ", "), names[len(names)-1])
}

// wrongFlag says in one sentence what is wrong with a flag.
func wrongFlag(cmd *cobra.Command, err error) error {
	message, _, _ := strings.Cut(err.Error(), ": strconv.")
	var named interface {
		GetSpecifiedName() string
		GetSpecifiedShortnames() string
	}
	if !errors.As(err, &named) {
		return fmt.Errorf("%s: %s", cmd.Name(), message)
	}
	flag := "--" + named.GetSpecifiedName()
	if named.GetSpecifiedShortnames() != "" {
		flag = "-" + named.GetSpecifiedName()
	}
	if strings.HasPrefix(message, "flag needs an argument") {
		return fmt.Errorf("%s needs a value: see %s --help", flag, cmd.CommandPath())
	}
	if nearest := spelling.Nearest(flag, flagNames(cmd)); nearest != "" {
		return fmt.Errorf("no flag %s: did you mean %s?", flag, nearest)
	}
	return fmt.Errorf("no flag %s: see %s --help", flag, cmd.CommandPath())
}

// flagNames lists the flags of a command as they are written. Its usage is the
// one list of them that needs no other package.
func flagNames(cmd *cobra.Command) []string {
	var names []string
	for _, word := range strings.Fields(cmd.Flags().FlagUsages()) {
		if strings.HasPrefix(word, "--") {
			names = append(names, strings.TrimRight(word, ",;:"))
		}
	}
	return names
}
