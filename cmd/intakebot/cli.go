package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// streams are where a command writes.
type streams struct{ out, err io.Writer }

// command is what one of the subcommands does.
type command interface {
	// flags adds the command's own to a set.
	flags(*pflag.FlagSet)
	// Run does it, once the flags are read.
	Run(ctx context.Context, std streams) error
}

// subcommand is one by its name, with a sentence on what it does.
type subcommand struct {
	name, does string
	make       func() command
}

// subcommands are all, in the order of the help.
var subcommands = []subcommand{
	{"demo", "A local Telegram with the bot, on a web page. Needs no token and no server.", func() command { return &demoCmd{Lang: "ru"} }},
	{"run", "Run a desk's bot on the real Telegram.", func() command { return new(runCmd) }},
	{"shelf", "List the updates that kept failing and were set aside (--database-url is enough), or retry them.", func() command { return new(shelfCmd) }},
	{"policy", "Print the policy as shipped, or check one of your own.", func() command { return new(policyCmd) }},
	{"version", "Print the version.", func() command { return new(versionCmd) }},
}

// execute runs one command line. What is wrong with it is said without the words
// themselves: one of them may be a secret (P8).
func execute(ctx context.Context, args []string, std streams) error {
	if len(args) > 1 && args[0] == "help" {
		args = []string{args[1], "--help"}
	}
	if len(args) == 0 || slices.Contains([]string{"--help", "-h", "help"}, args[0]) {
		return helpOnAll(std.out)
	}
	at := slices.IndexFunc(subcommands, func(s subcommand) bool { return s.name == args[0] })
	if at < 0 {
		return wrongWords("intakebot", "the first word is a command, one of %s; its flags follow it", names())
	}
	return subcommands[at].execute(ctx, args[1:], std)
}

// execute reads the words behind the command, and runs it.
func (s subcommand) execute(ctx context.Context, args []string, std streams) error {
	chosen, flags := s.ready()
	err := flags.Parse(args)
	switch {
	case errors.Is(err, pflag.ErrHelp):
		return s.help(std.out)
	case err != nil:
		return wrongWords("intakebot "+s.name, "%s", wrongFlag(flags, args, err))
	case flags.NArg() > 0:
		return wrongWords("intakebot "+s.name, "it takes no words beside its flags, and has %d", flags.NArg())
	case slices.ContainsFunc(args, func(arg string) bool { return strings.HasPrefix(arg, "-test.") }): // pflag passes those by
		return wrongWords("intakebot "+s.name, flagForm)
	}
	fromEnvironment(flags)
	return chosen.Run(ctx, std)
}

// ready makes the command, and its flags.
func (s subcommand) ready() (command, *pflag.FlagSet) {
	flags := pflag.NewFlagSet(s.name, pflag.ContinueOnError)
	flags.SortFlags = false
	flags.Usage = func() {} // execute prints the help
	chosen := s.make()
	chosen.flags(flags)
	return chosen, flags
}

// names lists the commands.
func names() string {
	list := make([]string, len(subcommands))
	for i, s := range subcommands {
		list[i] = s.name
	}
	return strings.Join(list, ", ")
}

// wrongWords is a mistake in the command line.
func wrongWords(command, format string, args ...any) error {
	return &usageError{fmt.Sprintf("%s: %s\n%s --help shows what there is", command, fmt.Sprintf(format, args...), command)}
}

const about = `A Telegram bot through which customers file support tickets.

Usage: intakebot COMMAND [FLAGS]

What has a variable named beside it can be given in the environment too.
A file .env is not read.
`

// helpOnAll prints what there is to every command, so that one page shows it all.
func helpOnAll(out io.Writer) error {
	if _, err := io.WriteString(out, about); err != nil {
		return err
	}
	for _, s := range subcommands {
		if _, err := io.WriteString(out, "\n"); err != nil {
			return err
		}
		if err := s.help(out); err != nil {
			return err
		}
	}
	return nil
}

const helpWidth = 100 // columns

// help prints what the command does, and its flags.
func (s subcommand) help(out io.Writer) error {
	usage := "intakebot " + s.name
	_, flags := s.ready()
	if flags.HasFlags() {
		usage += " [FLAGS]"
	}
	_, err := fmt.Fprintf(out, "%s\n  %s\n%s", usage, s.does, flags.FlagUsagesWrapped(helpWidth))
	return err
}
