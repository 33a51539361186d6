package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"fxcore/scripts/dev/fxcore/internal/fleet"
	"fxcore/scripts/dev/fxcore/internal/process"
	"fxcore/scripts/dev/fxcore/internal/screen"
	"fxcore/scripts/dev/fxcore/internal/supervisor"
	"fxcore/scripts/dev/fxcore/internal/watch"
)

// How often the screen is drawn, a line is printed, and logs are bounded.
const (
	drawEvery  = time.Second
	printEvery = 10 * time.Second
	boundEvery = 10 * time.Second
)

// show shows a running core until ctx ends: as a screen on a terminal, otherwise one line every printEvery.
func show(ctx context.Context, f fleet.Fleet, s *supervisor.Supervisor) error {
	settings, err := f.Watch()
	if err != nil {
		return err
	}
	w := watch.New(ctx, settings)
	defer func() { w.Close() }()
	terminal := isTerminal(os.Stdout)
	every := printEvery
	if terminal {
		every = drawEvery
	}
	scr := screen.Screen{Colour: terminal && os.Getenv("NO_COLOR") == "", Connect: f.Connect()}
	if !terminal {
		fmt.Println(strings.Join(f.Connect(), "\n"))
	}
	defer fmt.Println() // the next output begins on a new line
	return repeat(ctx, every, func() {
		record, _ := supervisor.Read(f.Folder)
		record.Processes = supervisor.Describe(s.Children())
		if now, err := f.Watch(); err == nil && (now.Postgres != settings.Postgres || now.AMQP != settings.AMQP) { // the observer's passwords were replaced
			w.Close()
			settings, w = now, watch.New(ctx, now)
		}
		r := w.Look(ctx, record)
		if terminal {
			draw(scr.Draw(r, time.Now(), terminalSize(os.Stdout)))
		} else {
			fmt.Println(screen.Line(r, time.Now()))
		}
	})
}

// repeat calls step at once, and then at each interval until ctx ends.
func repeat(ctx context.Context, every time.Duration, step func()) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		step()
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// boundLogs keeps all logs of a folder below their size limit until ctx ends.
func boundLogs(ctx context.Context, f fleet.Fleet, s *supervisor.Supervisor) {
	_ = repeat(ctx, boundEvery, func() {
		for _, c := range s.Children() {
			if err := process.BoundLog(c.Spec.Log); err != nil {
				say(err.Error())
			}
		}
		_ = process.BoundLog(f.Folder.Log("fxcore"))
	})
}

// draw overwrites the last screen line by line, so that nothing flickers.
func draw(lines []string) {
	const home, clearLine, clearBelow = "\x1b[H", "\x1b[K", "\x1b[J"
	fmt.Print(home + strings.Join(lines, clearLine+"\n") + clearLine + clearBelow)
}

func isTerminal(f *os.File) bool {
	_, err := unix.IoctlGetTermios(int(f.Fd()), unix.TCGETS)
	return err == nil
}

func terminalSize(f *os.File) screen.Size {
	size, err := unix.IoctlGetWinsize(int(f.Fd()), unix.TIOCGWINSZ)
	if err != nil || size.Col == 0 {
		return screen.Size{Columns: 100, Rows: 40}
	}
	return screen.Size{Columns: int(size.Col), Rows: int(size.Row)}
}
