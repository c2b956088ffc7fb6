package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"github.com/spf13/pflag"

	"intakebot/tickets/policy"
)

// policyCmd prints the shipped policy, or checks a file.
type policyCmd struct{ Check string }

func (c *policyCmd) flags(set *pflag.FlagSet) {
	pathFlag(set, &c.Check, "check", "check this policy `FILE`: every mistake is printed with its line")
}

// Run prints or checks.
func (c *policyCmd) Run(_ context.Context, std streams) error {
	if c.Check == "" {
		_, err := std.out.Write(policy.ShippedFile())
		return err
	}
	_, err := policy.File(c.Check)
	var path *os.PathError
	switch {
	case errors.As(err, &path):
		return err
	case err != nil:
		return &usageError{err.Error()}
	}
	_, err = fmt.Fprintln(std.out, c.Check+": all right")
	return err
}

// versionCmd prints the version.
type versionCmd struct{}

func (versionCmd) flags(*pflag.FlagSet) {}

// Run prints what the build knows of itself.
func (versionCmd) Run(_ context.Context, std streams) error {
	_, err := fmt.Fprintln(std.out, "intakebot", version())
	return err
}

// version is the module's, or the commit that it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	parts := []string{info.Main.Version}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			parts = append(parts, s.Value)
		}
	}
	return strings.Join(append(parts, info.GoVersion), " ")
}
