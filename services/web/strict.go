package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
)

// maxDepth bounds how deep a body may nest. The deepest that makes sense is an object in a list in an object.
const maxDepth = 8

// strict is JSON whose meaning nobody can dispute: see checkJSON.
func strict() huma.Format {
	return huma.Format{Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: func(data []byte, v any) error {
		if _, first := v.(*any); first { // the library reads a body twice: to check it, then into its type
			if err := checkJSON(data); err != nil {
				return err
			}
		}
		return json.Unmarshal(data, v)
	}}
}

// checkJSON refuses a text that is not one JSON value, that has one name twice in an object, a null, or deep nesting. The error names no value.
func checkJSON(data []byte) error {
	if !utf8.Valid(data) {
		return errors.New("not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := checkValue(d, 0); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something stands after the JSON value")
	}
	return nil
}

func checkValue(d *json.Decoder, depth int) error {
	t, err := d.Token()
	if err != nil {
		return notJSON(err)
	}
	if t == nil {
		return errors.New("null: leave out what you do not give")
	}
	open, ok := t.(json.Delim)
	switch {
	case !ok:
		return nil
	case depth == maxDepth:
		return fmt.Errorf("nested deeper than %d", maxDepth)
	case open == '{':
		return checkObject(d, depth+1)
	}
	for d.More() {
		if err := checkValue(d, depth+1); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return notJSON(err)
}

func checkObject(d *json.Decoder, depth int) error {
	names := map[json.Token]bool{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return notJSON(err)
		}
		if names[name] {
			return errors.New("an object has a name twice")
		}
		names[name] = true
		if err := checkValue(d, depth); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return notJSON(err)
}

func notJSON(err error) error {
	if err == nil {
		return nil
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("not JSON, at byte %d", syntax.Offset)
	}
	return errors.New("not JSON: it ends too early")
}
