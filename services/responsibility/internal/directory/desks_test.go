package directory_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/lambda/mirror/mirrortest"
	"fxcore/lambda/testkit"
	"fxcore/services/responsibility/internal/assignment"
	"fxcore/services/responsibility/internal/directory"
)

func TestDesksAreWhatLiesInRedis(t *testing.T) {
	rdb := testkit.Redis(t)
	record := `{"id":"FXS1","name":"Europe Corporates","products":["spot"],"traders":["U0001","U0002"]}`
	mirrortest.Publish(t, rdb, "desks", 7, time.Now(), map[string]string{"FXS1": record})

	static := mirrortest.Follow(t, directory.Open(rdb))
	want := map[string]assignment.Desk{"FXS1": {ID: "FXS1", Products: []string{"spot"}, Traders: []string{"U0001", "U0002"}}}
	if diff := cmp.Diff(want, static.Desks()); diff != "" {
		t.Error(diff)
	}
	if err := static.Fresh(t.Context()); err != nil {
		t.Error(err)
	}
}
