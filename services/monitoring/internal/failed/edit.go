package failed

import (
	"errors"
	"fmt"
	"strings"

	"fxcore/lambda/event"
)

// maxEdited bounds an edited body, in bytes.
const maxEdited = 256 << 10

// Edit returns the body that replaces a message's own. The edited text must be one event with the same id and type, so that the queue's
// consumer still recognises a repeat. A message that could not be read may become any event. The error is for the person who edits.
func (m Message) Edit(text string) ([]byte, error) {
	edited, err := event.Decode(event.MediaType, []byte(text))
	switch {
	case len(text) > maxEdited:
		return nil, fmt.Errorf("the text is longer than %d bytes", maxEdited)
	case err != nil:
		return nil, fmt.Errorf("the text is no event: %w", err)
	case strings.Contains(text, Masked):
		return nil, errors.New("the text holds a masked secret, which would replace the secret: replay the message as it is")
	}
	switch was := m.events(); {
	case len(was) == 0: // any event may stand for it
	case len(was) > 1:
		return nil, errors.New("the message holds several events: it can be replayed as it is alone")
	case was[0].ID != edited[0].ID || was[0].Type != edited[0].Type:
		return nil, errors.New("the id and the type must stay as they are")
	}
	return []byte(text), nil
}

// events returns the events that the message holds; none if it cannot be read.
func (m Message) events() []event.Event {
	held, err := event.Decode(m.ContentType, m.Body)
	if err != nil {
		return nil
	}
	return held
}
