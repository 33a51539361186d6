package mirror_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/mirror"
	"fxcore/lambda/mirror/mirrortest"
	"fxcore/lambda/testkit"
)

func TestSetsAreReadyOnceEachIsLoaded(t *testing.T) {
	t.Parallel()
	rdb := testkit.Redis(t)
	colours, shapes := mirror.New(rdb, "colours", texts), mirror.New(rdb, "shapes", texts)
	sets := mirror.Sets{colours, shapes}
	mirrortest.Publish(t, rdb, "colours", 1, asOf, map[string]string{"a": `"red"`})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- sets.Run(ctx) }()

	testkit.Eventually(t, "one set of two", 20*time.Second, func() error { return colours.Ready(ctx) })
	if err := sets.Ready(ctx); !errors.Is(err, mirror.ErrEmpty) || !strings.Contains(err.Error(), "shapes") {
		t.Errorf("ready with one set of two: %v", err)
	}
	mirrortest.Publish(t, rdb, "shapes", 1, asOf, map[string]string{"a": `"round"`})
	testkit.Eventually(t, "both sets", 20*time.Second, func() error { return errors.Join(sets.Ready(ctx), sets.Fresh(ctx)) })

	mirrortest.Publish(t, rdb, "colours", 2, asOf, map[string]string{"a": `{`})
	testkit.Eventually(t, "the fault of one set", 20*time.Second, func() error {
		if err := sets.Fresh(ctx); err == nil || !strings.Contains(err.Error(), "colours") || strings.Contains(err.Error(), "shapes") {
			return errors.Join(errors.New("not shown"), err)
		}
		return nil
	})
	if err := sets.Ready(ctx); err != nil {
		t.Errorf("the version before is still there: %v", err)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestAnAgeThatNoSetCanHaveIsRefused(t *testing.T) {
	t.Parallel()
	for age, good := range map[time.Duration]bool{time.Hour: true, 0: false, -time.Hour: false} {
		err := mirror.Config{MaxAge: age}.Validate()
		if (err == nil) != good || err != nil && !strings.HasPrefix(err.Error(), "STATIC_MAX_AGE") {
			t.Errorf("%s: %v", age, err)
		}
	}
}
