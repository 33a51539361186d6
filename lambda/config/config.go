// Package config reads a program's settings from the environment into one struct, once, at the start.
//
// A field names its variable in a tag: `env:"NAME,required" envDefault:"..."` (github.com/caarlos0/env). Instead of NAME, the
// variable NAME_FILE may hold the path of a file with the value; secrets are mounted this way. With the tag `unset`, the
// variable is removed from the environment once it is read, so that child processes and dumps do not show it.
package config

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"reflect"
	"strings"

	"github.com/caarlos0/env/v11"

	"fxcore/lambda/trust"
)

// Base has the settings of every long-running program. Embed it in the program's settings.
type Base struct {
	Replica    string     `env:"REPLICA"`                              // unique among the program's replicas; host name and process id if empty
	HealthAddr string     `env:"HEALTH_ADDR" envDefault:"127.0.0.1:0"` // where health is served; port 0 is any free one, which is logged
	LogLevel   slog.Level `env:"LOG_LEVEL" envDefault:"info"`          // debug, info, warn or error
	TLS        trust.Config
	Profiles   bool `env:"PROFILES" envDefault:"false"` // whether the health address serves profiles: they show memory, so secrets
}

// Load reads T from the environment. Then it calls Validate() error on every struct in T that has such a method, and on T last.
// The error names each faulty variable and says what is wrong. It never shows a value, since that might be a secret.
func Load[T any]() (T, error) {
	var settings T
	names, err := variables[T]()
	if err != nil {
		return settings, err
	}
	values, err := environment(names)
	if err != nil {
		return settings, err
	}
	if err := parse(&settings, names, values); err != nil {
		return settings, err
	}
	return settings, validate(reflect.ValueOf(&settings).Elem())
}

// MustLoad is Load for a main function: it prints the error and ends the process with code 2.
func MustLoad[T any]() T {
	settings, err := Load[T]()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	return settings
}

func variables[T any]() ([]string, error) {
	var zero T
	fields, err := env.GetFieldParams(&zero)
	if err != nil {
		return nil, fmt.Errorf("settings of type %T: %w", zero, err)
	}
	names := make([]string, 0, len(fields))
	for _, f := range fields {
		if f.Key != "" {
			names = append(names, f.Key)
		}
	}
	return names, nil
}

// environment collects the values of the named variables, from the variables themselves or from their files.
func environment(names []string) (map[string]string, error) {
	values := map[string]string{"REPLICA": defaultReplica()}
	var faults []error
	for _, name := range names {
		value, found, err := lookup(name)
		switch {
		case err != nil:
			faults = append(faults, err)
		case found:
			values[name] = value
		}
	}
	return values, errors.Join(faults...)
}

func lookup(name string) (value string, found bool, err error) {
	value, found = os.LookupEnv(name)
	file, fromFile := os.LookupEnv(name + "_FILE")
	if !fromFile || file == "" {
		return value, found && (value != "" || name != "REPLICA"), nil
	}
	if found {
		return "", false, fmt.Errorf("%s and %s_FILE are both set: set one", name, name)
	}
	content, err := os.ReadFile(file) //nolint:gosec // the path is the operator's choice, that is the point
	if err != nil {
		return "", false, fmt.Errorf("%s_FILE: %w", name, err)
	}
	return strings.TrimRight(string(content), "\r\n"), true, nil
}

func defaultReplica() string {
	host, err := os.Hostname()
	if err != nil {
		host = "host"
	}
	return fmt.Sprintf("%s-%d", host, os.Getpid())
}
