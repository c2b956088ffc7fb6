// Command intakebot is a Telegram bot through which customers file support
// tickets. See README.md.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"strings"
	"syscall"
)

// Exit statuses.
const (
	exitFailed = 1
	exitUsage  = 2 // wrong words or a wrong configuration
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := execute(ctx, os.Args[1:], streams{os.Stdout, os.Stderr})
	stop()
	os.Exit(status(err))
}

// status reports an error and gives the exit status.
func status(err error) int {
	var usage *usageError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &usage):
		fmt.Fprintln(os.Stderr, usage)
		return exitUsage
	default:
		fmt.Fprintln(os.Stderr, "intakebot:", hide(err.Error()))
		return exitFailed
	}
}

// usageError is a mistake in the command line or the configuration. Its text
// has one line for each.
type usageError struct{ text string }

func (e *usageError) Error() string { return hide(e.text) }

// secrets are what a token, and the password in an address, look like.
var secrets = regexp.MustCompile(`[0-9]{3,20}:[A-Za-z0-9_-]{20,}|//[^\s"]*@`)

// hide takes secrets out of a text, which get there when one is given in another
// setting's place (P8).
func hide(s string) string {
	return secrets.ReplaceAllStringFunc(s, func(found string) string {
		if strings.HasPrefix(found, "//") {
			return "//***@"
		}
		return "***"
	})
}
