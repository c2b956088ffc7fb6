package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/alexflint/go-arg"
)

// streams are where a command writes.
type streams struct{ out, err io.Writer }

// command is what one of the subcommands does.
type command interface {
	Run(ctx context.Context, std streams) error
}

// cli is the command line: subcommands, flags and variables all come from it.
type cli struct {
	Demo    *demoCmd    `arg:"subcommand:demo" help:"a local Telegram with the bot, on a web page; needs no token and no server"`
	Run     *runCmd     `arg:"subcommand:run" help:"run a desk's bot on the real Telegram"`
	Shelf   *shelfCmd   `arg:"subcommand:shelf" help:"list the updates that were set aside because they kept failing, and try them again"`
	Policy  *policyCmd  `arg:"subcommand:policy" help:"print the policy as shipped, or check one of your own"`
	Version *versionCmd `arg:"subcommand:version" help:"print the version"`
}

const about = `A Telegram bot through which customers file support tickets.

Every flag of "run" can be given as the environment variable named beside it. A file .env is not read.

`

// execute runs one command line.
func execute(ctx context.Context, args []string, std streams) error {
	p, err := arg.NewParser(arg.Config{Program: "intakebot"}, new(cli))
	if err != nil {
		return err
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	err = p.Parse(args)
	switch chosen, ok := p.Subcommand().(command); {
	case errors.Is(err, arg.ErrHelp):
		return help(p, std.out)
	case err != nil:
		return wrongWords("%v", err)
	case !ok:
		return wrongWords("a command is missing")
	default:
		return chosen.Run(ctx, std)
	}
}

// wrongWords is a mistake in the command line.
func wrongWords(format string, args ...any) error {
	return &usageError{"intakebot: " + fmt.Sprintf(format, args...) + "\nintakebot --help shows every command, flag and variable"}
}

// help prints a command's, or, for the program as a whole, that of every command,
// so that one page shows all there is.
func help(p *arg.Parser, out io.Writer) error {
	if chosen := p.SubcommandNames(); len(chosen) > 0 {
		return p.WriteHelpForSubcommand(out, chosen...)
	}
	if _, err := io.WriteString(out, about); err != nil {
		return err
	}
	p.WriteHelp(out)
	for _, name := range []string{"demo", "run", "shelf", "policy"} {
		if _, err := fmt.Fprintln(out); err != nil {
			return err
		}
		if err := p.WriteHelpForSubcommand(out, name); err != nil {
			return err
		}
	}
	return nil
}
