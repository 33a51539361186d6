package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"fxcore/lambda/testkit"
)

// once is a function for the tests that gotest runs: it returns true for the first call with a name.
const once = `
func once(name string) bool {
	file, err := os.OpenFile(name+".marker", os.O_CREATE|os.O_EXCL, 0o600)
	_ = file.Close()
	return err == nil
}
`

// sources are packages of tests, by name.
var sources = map[string]string{
	"fine": `import ("fmt"; "testing")
func TestFine(t *testing.T) { fmt.Println("noise") }
func TestSkipped(t *testing.T) { t.Skip("noise") }`,

	"once": `import ("os"; "testing")
func TestOnce(t *testing.T) {
	t.Run("quiet", func(t *testing.T) { t.Log("noise") })
	t.Run("loud", func(t *testing.T) { if once("once") { t.Error("a reason") } })
}` + once,

	"always":  `import "testing"; func TestAlways(t *testing.T) { t.Error("always") }`,
	"unbuilt": `import "testing"; func TestUnbuilt(t *testing.T) { unknown() }`,

	"panics": `import ("os"; "testing")
func TestBefore(t *testing.T) { if !once("before") { t.Error("it ran twice") } }
func TestWaits(t *testing.T) { t.Parallel(); if !once("waits") { t.Error("it ran twice") } }
func TestPanics(t *testing.T) { if once("panics") { panic("a panic") } }
func TestAfter(t *testing.T) { if once("after") { t.Error("after the panic") } }` + once,

	"hangs": `import ("os"; "testing")
func TestHangs(t *testing.T) { if once("hangs") { select {} } }` + once,

	"stays": `import ("fmt"; "os"; "testing")
func TestStays(t *testing.T) {
	_ = os.WriteFile("new", []byte(fmt.Sprint(os.Getpid())), 0o600)
	_ = os.Rename("new", "pid")
	select {}
}`,

	"leaves": `import ("os"; "testing")
func TestMain(m *testing.M) { m.Run(); if once("leaves") { println("a leak"); os.Exit(1) } }
func TestFine(t *testing.T) {}` + once,

	"races": `import "testing"; func TestRaces(t *testing.T) { t.Error("race detected during execution of test") }`,
	"shy": `import ("os"; "testing")
func TestShy(t *testing.T) { if !once("shy") { t.Skip() }; t.Error("first") }` + once,

	"parts": `import ("os"; "testing")
func TestWhole(t *testing.T) {
	for _, name := range []string{"One", "Two", "Three"} {
		t.Run(name, func(t *testing.T) {
			if once("ran"+name) && name == "Two" { t.Run("below", func(t *testing.T) { t.Error("not now") }) }
			if name != "Two" && !once("again"+name) { t.Error("it ran twice") }
		})
	}
}` + once,

	"many": `import "testing"
func Test1(t *testing.T) { t.Error() }
func Test2(t *testing.T) { t.Error() }
func Test3(t *testing.T) { t.Error() }
func Test4(t *testing.T) { t.Error() }
func Test5(t *testing.T) { t.Error() }
func Test6(t *testing.T) { t.Error() }`,
}

// gotest runs the program in a module with these packages. It returns the program's output, the lines of its note,
// and its exit code.
func gotest(t *testing.T, packages []string, args ...string) (shown string, note []string, code int) {
	t.Helper()
	module(t, packages...)
	var out bytes.Buffer
	code = run(t.Context(), append(args, "--", "./..."), &out)
	t.Log(out.String())
	b, err := os.ReadFile("note.txt")
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return out.String(), strings.FieldsFunc(string(b), func(r rune) bool { return r == '\n' }), code
}

// module creates a module with these packages and makes it the working folder.
func module(t *testing.T, packages ...string) {
	t.Helper()
	t.Chdir(t.TempDir())
	write(t, "go.mod", "module probe\n\ngo 1.26\n")
	for _, name := range packages {
		write(t, filepath.Join(name, name+"_test.go"), "package "+name+"\n"+sources[name])
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestEachKindOfFailureIsNamedAndRepeatedOrNot(t *testing.T) {
	for _, c := range []struct {
		name     string
		packages []string
		flags    []string
		note     []string
		code     int
		shown    []string
	}{
		{"passes", []string{"fine"}, nil, nil, 0, []string{"ok  \tprobe/fine"}},
		{
			"fails once",
			[]string{"fine", "once"},
			nil,
			[]string{"unsteady: probe/once TestOnce failed once and passed alone"},
			0,
			[]string{"a reason", "--- FAIL: TestOnce/loud", "FAIL\tprobe/once", "== once more, alone: probe/once TestOnce", "ok  \tprobe/once"},
		},
		{"fails always", []string{"always", "fine"}, nil, []string{"failed twice: probe/always TestAlways"}, 1, []string{"ok  \tprobe/fine"}},
		{"does not build", []string{"unbuilt"}, nil, []string{"did not build: probe/unbuilt"}, 1, []string{"undefined: unknown"}},
		{
			"panics",
			[]string{"panics"},
			nil,
			[]string{"unsteady: probe/panics TestPanics failed once and passed alone", "unsteady: probe/panics TestAfter failed once and passed alone"},
			0,
			[]string{"a panic", "did not run yet", "after the panic"},
		},
		{
			"times out",
			[]string{"hangs"},
			[]string{"-timeout=5s"},
			[]string{"unsteady: probe/hangs TestHangs failed once and passed alone"},
			0,
			[]string{"test timed out after 5s"},
		},
		{"fails without a failed test", []string{"leaves"}, nil, []string{"unsteady: probe/leaves failed once and passed alone"}, 0, []string{"a leak"}},
		{"races", []string{"races"}, nil, []string{"data race: probe/races TestRaces"}, 1, nil},
		{"is skipped when repeated", []string{"shy"}, nil, []string{"failed twice: probe/shy TestShy"}, 1, nil},
		{
			"says everything if asked",
			[]string{"fine"},
			[]string{"-v"},
			nil,
			0,
			[]string{"noise", "--- SKIP: TestSkipped"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			shown, note, code := gotest(t, c.packages, slices.Concat([]string{"-note", "note.txt", "go", "test", "-count=1"}, c.flags)...)
			if code != c.code || !slices.Equal(note, c.note) {
				t.Errorf("exit code %d, note %q; want %d, %q", code, note, c.code, c.note)
			}
			for _, text := range append(c.shown, c.note...) {
				if !strings.Contains(shown, text) {
					t.Errorf("%q is not shown", text)
				}
			}
			if !slices.Contains(c.flags, "-v") && strings.Contains(shown, "noise") {
				t.Error("what passed tests said is shown")
			}
		})
	}
}

func TestAPartThatCanRunAloneIsRepeatedWithoutTheOthers(t *testing.T) {
	_, note, code := gotest(t, []string{"parts"}, "-note", "note.txt", "-parts", "TestWhole", "go", "test", "-v")
	if want := []string{"unsteady: probe/parts TestWhole/Two failed once and passed alone"}; code != 0 || !slices.Equal(note, want) {
		t.Errorf("exit code %d, note %q; want %q", code, note, want)
	}
}

func TestIfManyFailNoneIsRepeated(t *testing.T) {
	shown, note, code := gotest(t, []string{"many"}, "-note", "note.txt", "go", "test")
	if code != 1 || len(note) != 6 || note[0] != "failed, not repeated: probe/many Test1" || strings.Contains(shown, "once more") {
		t.Errorf("exit code %d, note %q", code, note)
	}
}

func TestACallThatIsNotUnderstoodFails(t *testing.T) {
	for line, want := range map[string]int{"": 2, "-unknown go test -- .": 2, "go vet -- .": 2, "go test .": 2, "go test --": 2, "go test -nosuchflag -- .": 1} {
		var out bytes.Buffer
		if code := run(t.Context(), strings.Fields(line), &out); code != want {
			t.Errorf("%q: exit code %d, want %d: %s", line, code, want, out.String())
		}
	}
}

// An interrupt also ends the tests, and nothing is repeated.
func TestAnInterruptedRunFails(t *testing.T) {
	module(t, "stays")
	ctx, interrupt := context.WithCancel(t.Context())
	ended := make(chan int, 1)
	var out bytes.Buffer
	go func() { ended <- run(ctx, strings.Fields("go test -- ./..."), &out) }()
	var pid int
	testkit.Eventually(t, "the test to run", time.Minute, func() error {
		text, err := os.ReadFile("stays/pid")
		if err == nil {
			pid, err = strconv.Atoi(string(text))
		}
		return err
	})
	interrupt()
	if code := <-ended; code != 1 || strings.Contains(out.String(), "once more") {
		t.Errorf("exit code %d: %s", code, out.String())
	}
	testkit.Eventually(t, "the test to end", time.Minute, func() error {
		if err := syscall.Kill(pid, 0); err == nil {
			return fmt.Errorf("process %d is there", pid)
		}
		return nil
	})
}

func TestTheNoteOfAnEarlierRunGoes(t *testing.T) {
	module(t, "fine")
	write(t, "note.txt", "old")
	if code := run(t.Context(), []string{"-note", "note.txt", "go", "test", "--", "./..."}, new(bytes.Buffer)); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if _, err := os.Stat("note.txt"); !os.IsNotExist(err) {
		t.Errorf("it is there: %v", err)
	}
}
