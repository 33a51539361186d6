package main

import (
	"fmt"

	"fxcore/gateways/socket/internal/front"
	"fxcore/gateways/socket/internal/session"
	"fxcore/lambda/run"
)

func newFront(app *run.App, cfg settings) *front.Front {
	f, err := front.New(cfg.Front, app.Health.Counter("front.logins_refused").Add, app.Log)
	if err != nil {
		panic(fmt.Sprintf("settings were not validated: %v", err))
	}
	app.Health.Gauge("front.waiting", func() int64 { n, _ := f.Waiting(); return int64(n) })
	app.Health.Gauge("front.turned_away", func() int64 { _, n := f.Waiting(); return int64(n) })
	return f
}

func admit(door *front.Front, seats []*session.Seat) {
	behind := make([]front.Seat, len(seats))
	for i, s := range seats {
		behind[i] = s
	}
	door.Admit(behind)
}
