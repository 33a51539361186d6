package run

import (
	"context"
	"errors"
	"slices"
	"testing"

	"fxcore/lambda/audit"
	"fxcore/lambda/event"
)

// What the broker has not confirmed comes again under the same ids, so nothing is lost and nothing is kept twice.
func TestNotesComeAgainUntilTheBrokerHasThem(t *testing.T) {
	trail := audit.NewTrail()
	trail.Note(audit.Note{What: "secrets.read"})
	trail.Note(audit.Note{What: "right.refused", Who: "U0001"})
	var sent [][]string
	away := true
	s := &audits{trail: trail, source: "auth/1", boot: "b", publish: func(_ context.Context, events ...event.Event) error {
		var ids []string
		for _, e := range events {
			ids = append(ids, e.ID)
		}
		if sent = append(sent, ids); away {
			return errors.New("away")
		}
		return nil
	}}
	if s.batch(t.Context()) == nil || trail.Held() != 2 {
		t.Fatal("notes are gone that nobody has")
	}
	away = false
	if err := s.batch(t.Context()); err != nil || trail.Held() != 0 {
		t.Fatal(err)
	}
	trail.Note(audit.Note{What: "later"})
	if err := s.batch(t.Context()); err != nil || !slices.Equal(sent[0], sent[1]) || slices.Contains(sent[0], sent[2][0]) {
		t.Errorf("%v, %v", sent, err)
	}
}

func TestTheNamesOfSecretsAreNoted(t *testing.T) {
	names := secretFiles([]string{"POSTGRES_URL_FILE=/secrets/a", "AMQP_WINDOW=1", "ACCESS_KEY_FILE=/secrets/b"})
	if !slices.Equal(names, []string{"ACCESS_KEY", "POSTGRES_URL"}) {
		t.Errorf("%q", names)
	}
}
