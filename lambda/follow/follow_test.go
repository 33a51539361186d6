package follow_test

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"fxcore/lambda/follow"
)

func replace(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path+".part", []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".part", path); err != nil {
		t.Fatal(err)
	}
}

func number(text []byte) (int, error) { return strconv.Atoi(strings.TrimSpace(string(text))) }

func TestAFileCountsFromItsReplacementOn(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "number")
	replace(t, path, "1\n")
	f, err := follow.Open(path, number)
	if err != nil || f.Now() != 1 {
		t.Fatal(f, err)
	}
	for i := 2; i < 50; i++ { // of the same length, and quicker than a clock of files ticks
		text := strconv.Itoa(i % 10)
		replace(t, path, text)
		if got := f.Now(); got != i%10 {
			t.Fatalf("%d, want %s", got, text)
		}
	}
}

func TestWhatCannotBeReadChangesNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "number")
	replace(t, path, "1")
	f, err := follow.Open(path, number)
	if err != nil {
		t.Fatal(err)
	}
	replace(t, path, "half a numb")
	if got := f.Now(); got != 1 {
		t.Errorf("after what is no number: %d", got)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if got := f.Now(); got != 1 {
		t.Errorf("without a file: %d", got)
	}
	replace(t, path, "2")
	if got := f.Now(); got != 2 {
		t.Errorf("once it is back: %d", got)
	}
}

func TestOpenNeedsAFileThatIsValid(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "number")
	if _, err := follow.Open(path, number); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	replace(t, path, "one")
	if _, err := follow.Open(path, number); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("no number: %v", err)
	}
}

func TestASettingFollowsItsFileIfItHasOne(t *testing.T) {
	t.Parallel()
	if got := (*follow.File[int])(nil).Now(); got != 0 {
		t.Errorf("no file holds %d", got)
	}
	if follow.Setting(1, "", strconv.Atoi).Now() != 1 || follow.Always(2).Now() != 2 {
		t.Error("what has no file has changed")
	}
	path := filepath.Join(t.TempDir(), "number")
	away := follow.Setting(1, path, strconv.Atoi)
	if got := away.Now(); got != 1 {
		t.Errorf("a file that is not there: %d", got)
	}
	replace(t, path, "3\r\n")
	if got := away.Now(); got != 3 {
		t.Errorf("%d, want 3", got)
	}
}

func TestManyMayLookWhileItChanges(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "number")
	replace(t, path, "0")
	f, err := follow.Open(path, number)
	if err != nil {
		t.Fatal(err)
	}
	var readers sync.WaitGroup
	for range 8 {
		readers.Go(func() {
			for last := 0; last < 100; {
				now := f.Now()
				if now < last {
					t.Errorf("%d after %d", now, last)
					return
				}
				last = now
			}
		})
	}
	for i := 1; i <= 100; i++ {
		replace(t, path, strconv.Itoa(i))
	}
	readers.Wait()
}
