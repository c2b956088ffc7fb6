package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"
)

// switchFlag adds one that is there or not. It can be given as --name=false.
func switchFlag(flags *pflag.FlagSet, on *bool, name, usage string) {
	flags.BoolFunc(name, usage, func(value string) (err error) {
		if *on, err = strconv.ParseBool(value); err != nil {
			return errors.New("is true or false, and nothing else")
		}
		return nil
	})
}

// wordFlag adds one with a value.
func wordFlag(flags *pflag.FlagSet, word *string, name, usage string) {
	valueFlag(flags, name, usage, func(value string) error {
		*word = value
		return nil
	})
}

// pathFlag adds one that names a file or a folder.
func pathFlag(flags *pflag.FlagSet, path *string, name, usage string) {
	valueFlag(flags, name, usage, func(value string) (err error) {
		*path, err = fromHome(value)
		return err
	})
}

// valueFlag adds one whose value is taken unless it is empty, which is a mistake, such
// as a variable that the shell does not know.
func valueFlag(flags *pflag.FlagSet, name, usage string, take func(string) error) {
	flags.Func(name, usage, func(value string) error {
		if value == "" {
			return errors.New("has an empty value")
		}
		return take(value)
	})
}

// fromHome puts the home directory in place of a ~, as a shell leaves it to the
// program in --name=~/x.
func fromHome(path string) (string, error) {
	below, ok := strings.CutPrefix(path, "~")
	if !ok || below != "" && below[0] != '/' {
		return path, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("begins with ~, and there is no home directory: %w", err)
	}
	return filepath.Join(home, below), nil
}

// variable is the annotation of a flag that has a variable of the environment.
const variable = "variable"

// settingFlag adds one that a variable of the environment can give too. An empty
// value is as good as none: files of variables have them for what is left open.
func settingFlag(flags *pflag.FlagSet, value *string, name, env, usage string) {
	flags.Func(name, fmt.Sprintf("%s [$%s]", usage, env), func(given string) error {
		*value = given
		return nil
	})
	flags.Lookup(name).Annotations = map[string][]string{variable: {env}}
}

// fromEnvironment sets the flags that were not given.
func fromEnvironment(flags *pflag.FlagSet) {
	flags.VisitAll(func(f *pflag.Flag) {
		if env := f.Annotations[variable]; len(env) > 0 && !f.Changed {
			_ = f.Value.Set(os.Getenv(env[0])) // settingFlag takes all
		}
	})
}

const flagForm = "a flag is written --name, --name value or --name=value"

// wrongFlag says what is wrong with the flags, and nothing of what was given:
// a word that should have been a value can be a secret.
func wrongFlag(flags *pflag.FlagSet, args []string, err error) string {
	var (
		unknown *pflag.NotExistError
		bare    *pflag.ValueRequiredError
		invalid *pflag.InvalidValueError
	)
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "":
		name := unknown.GetSpecifiedName()
		said := fmt.Sprintf("word %d is none of its flags", 1+slices.IndexFunc(args, func(arg string) bool { return strings.HasPrefix(arg, "--"+name) }))
		if near := nearest(flags, name); near != "" {
			said += "; did you mean --" + near + "?"
		}
		return said
	case errors.As(err, &bare):
		return fmt.Sprintf("--%s has no value", bare.GetFlag().Name)
	case errors.As(err, &invalid):
		return fmt.Sprintf("--%s %v", invalid.GetFlag().Name, invalid.Unwrap())
	default:
		return flagForm
	}
}

// nearest is the flag that begins like a misspelt one, with four letters at least.
func nearest(flags *pflag.FlagSet, misspelt string) string {
	misspelt = strings.ReplaceAll(strings.ToLower(misspelt), "_", "-")
	best, most := "", 3
	flags.VisitAll(func(f *pflag.Flag) {
		same := 0
		for same < min(len(misspelt), len(f.Name)) && misspelt[same] == f.Name[same] {
			same++
		}
		if same > most {
			best, most = f.Name, same
		}
	})
	return best
}
