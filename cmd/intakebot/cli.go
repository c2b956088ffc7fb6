package main

import (
	"context"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/alecthomas/kong"
)

// streams are where a command writes.
type streams struct{ out, err io.Writer }

// cli is the command line: subcommands, flags and variables all come from it.
type cli struct {
	Demo    demoCmd    `cmd:"" help:"A local Telegram with the bot, on a web page. Needs no token and no server."`
	Run     runCmd     `cmd:"" help:"Run a desk's bot on the real Telegram."`
	Shelf   shelfCmd   `cmd:"" help:"List the updates that were set aside because they kept failing, and try them again."`
	Policy  policyCmd  `cmd:"" help:"Print the policy as shipped, or check one of your own."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

const about = `A Telegram bot through which customers file support tickets.

Every flag of "run" can be given as the environment variable named beside it. A file .env is not read.`

// execute runs one command line.
func execute(ctx context.Context, args []string, std streams) error {
	var c cli
	exited := -1
	parser, err := kong.New(&c,
		kong.Name("intakebot"), kong.Description(about),
		kong.Writers(std.out, std.err), kong.Help(help),
		kong.Exit(func(code int) { exited = code }),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(std),
	)
	if err != nil {
		return err
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	switch {
	case exited == 0: // help was printed
		return nil
	case err != nil:
		return &usageError{"intakebot: " + err.Error() + "\nintakebot --help shows every command, flag and variable"}
	}
	return parsed.Run()
}

// help prints what kong prints. For the program as a whole it adds the flags
// of every command, so that one page shows all there is.
func help(options kong.HelpOptions, ctx *kong.Context) error {
	if err := kong.DefaultHelpPrinter(options, ctx); err != nil {
		return err
	}
	if ctx.Selected() != nil {
		return nil
	}
	for _, leaf := range ctx.Model.Leaves(true) {
		rows := flagRows(leaf)
		if len(rows) == 0 {
			continue
		}
		if _, err := io.WriteString(ctx.Stdout, "\nFlags of "+leaf.Path()+":\n"+table(rows)); err != nil {
			return err
		}
	}
	return nil
}

// flagRows lists a command's own flags: how to write it, and what it means.
func flagRows(n *kong.Node) [][2]string {
	var rows [][2]string
	for _, f := range n.Flags {
		left := "--" + f.Name
		if !f.IsBool() {
			left += "=" + f.FormatPlaceHolder()
		}
		right := f.Help
		if len(f.Envs) > 0 {
			right += " ($" + strings.Join(f.Envs, ", $") + ")"
		}
		rows = append(rows, [2]string{left, right})
	}
	return rows
}

// table sets rows in two columns.
func table(rows [][2]string) string {
	width := 0
	for _, r := range rows {
		width = max(width, utf8.RuneCountInString(r[0]))
	}
	var b strings.Builder
	for _, r := range rows {
		b.WriteString("  " + r[0] + strings.Repeat(" ", width-utf8.RuneCountInString(r[0])+2) + r[1] + "\n")
	}
	return b.String()
}
