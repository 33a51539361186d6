package config

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/caarlos0/env/v11"
)

func parse[T any](settings *T, names []string, values map[string]string) error {
	err := env.ParseWithOptions(settings, env.Options{Environment: values})
	if err == nil {
		return nil
	}
	return errors.Join(explain[T](err, names, values)...)
}

// explain replaces the library's errors: those about a value name the field instead of the variable, and show the value.
func explain[T any](err error, names []string, values map[string]string) []error {
	var all env.AggregateError
	if !errors.As(err, &all) {
		return []error{err}
	}
	var faults []error
	for _, fault := range all.Errors {
		var unset env.VarIsNotSetError
		var empty env.EmptyVarError
		switch {
		case errors.As(fault, &unset):
			faults = append(faults, fmt.Errorf("%s is not set (nor %s_FILE)", unset.Key, unset.Key))
		case errors.As(fault, &empty):
			faults = append(faults, fmt.Errorf("%s is empty", empty.Key))
		}
	}
	return append(faults, unreadable[T](names, values)...)
}

// unreadable finds the variables whose value does not fit their field, by trying one at a time.
func unreadable[T any](names []string, values map[string]string) []error {
	var faults []error
	for _, name := range names {
		value, found := values[name]
		if !found {
			continue
		}
		var scratch T
		err := env.ParseWithOptions(&scratch, env.Options{Environment: map[string]string{name: value}})
		var fault env.ParseError
		if errors.As(err, &fault) {
			faults = append(faults, fmt.Errorf("%s: the value is not a valid %s", name, fault.Type))
		}
	}
	return faults
}

// validate calls Validate on each struct that has it, on inner ones first.
func validate(v reflect.Value) error {
	var faults []error
	for i := range v.NumField() {
		if field := v.Field(i); field.Kind() == reflect.Struct && v.Type().Field(i).IsExported() {
			faults = append(faults, validate(field))
		}
	}
	if err := errors.Join(faults...); err != nil {
		return err
	}
	if own, ok := v.Addr().Interface().(interface{ Validate() error }); ok {
		return own.Validate()
	}
	return nil
}
