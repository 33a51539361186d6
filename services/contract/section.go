package contract

import (
	"bytes"
	"encoding/json"
	"fmt"

	"fxcore/lambda/event"
)

// Next returns the event of type t that e leads to: it repeats e's data byte for byte, read or not, and adds one section.
func Next(e event.Event, t event.Type, name string, section any) ([]event.Event, error) {
	data, err := WithSection(e.Data, name, section)
	if err != nil {
		return nil, err
	}
	return One(e.Next(t, data))
}

// One lists a single event, as a step returns it.
func One(e event.Event, err error) ([]event.Event, error) {
	if err != nil {
		return nil, err
	}
	return []event.Event{e}, nil
}

// WithSection adds a section to the data of a message and leaves the rest as it is, byte for byte.
func WithSection(data json.RawMessage, name string, section any) (json.RawMessage, error) {
	encoded, err := json.Marshal(section)
	if err != nil {
		return nil, fmt.Errorf("encode section %s: %w", name, err)
	}
	open, ok := bytes.CutSuffix(bytes.TrimSpace(data), []byte("}"))
	if !ok {
		return nil, fmt.Errorf("add section %s: the data is not a JSON object", name)
	}
	with := make([]byte, 0, len(open)+len(name)+len(encoded)+5)
	with = append(with, open...)
	if len(bytes.TrimSpace(open)) > 1 {
		with = append(with, ',')
	}
	with = append(with, '"')
	with = append(with, name...)
	with = append(with, '"', ':')
	with = append(with, encoded...)
	return append(with, '}'), nil
}
