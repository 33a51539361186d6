package main

import (
	"context"
	"fmt"
	"os"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"fxcore/lambda/config"
	"fxcore/lambda/testkit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestTheSimulatorStopsWithoutARemnantAlsoWithoutAGateway(t *testing.T) {
	app, err := simulator(settings{Base: config.Base{Replica: "test", HealthAddr: "127.0.0.1:0"}, Gateway: "127.0.0.1:1", Rate: 100, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	code := make(chan int, 1)
	go func() { code <- app.Run() }()
	testkit.Eventually(t, "the start", 10*time.Second, func() error {
		if status := app.Health.Status(context.Background()); !status.Ready {
			return fmt.Errorf("%v", status.Reasons)
		}
		return nil
	})
	if err := syscall.Kill(os.Getpid(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if c := <-code; c != 0 {
		t.Errorf("exit code %d", c)
	}
}

func TestARateOutOfRangeIsNamed(t *testing.T) {
	for _, rate := range []float64{0, -1, 501} {
		if (settings{Rate: rate}).Validate() == nil {
			t.Errorf("RATE=%v was accepted", rate)
		}
	}
}
