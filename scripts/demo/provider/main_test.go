package main

import (
	"testing"
	"time"

	"go.uber.org/goleak"

	"fxcore/lambda/testkit/program"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestTheSimulatorStopsWithoutARemnantAlsoWithoutAGateway(t *testing.T) {
	app, err := simulator(settings{Base: program.Base("test"), Gateway: "127.0.0.1:1", Rate: 100, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	program.Start(t, time.Minute, app)()
}

func TestARateOutOfRangeIsNamed(t *testing.T) {
	for _, rate := range []float64{0, -1, 501} {
		if (settings{Rate: rate}).Validate() == nil {
			t.Errorf("RATE=%v was accepted", rate)
		}
	}
}
