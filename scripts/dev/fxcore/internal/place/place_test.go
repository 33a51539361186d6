package place_test

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"fxcore/scripts/dev/fxcore/internal/folder"
	"fxcore/scripts/dev/fxcore/internal/place"
	"fxcore/scripts/dev/fxcore/internal/ports"
)

func take(t *testing.T, path string, pinned int) (place.Place, []string) {
	t.Helper()
	var said []string
	p, err := place.Take(path, pinned, func(line string) { said = append(said, line) })
	if err != nil {
		t.Fatal(err)
	}
	return p, said
}

func occupy(t *testing.T, port int) {
	t.Helper()
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
}

func TestAPlaceKeepsItsPortsFromStartToStart(t *testing.T) {
	path := t.TempDir()
	first, _ := take(t, path, 0)
	if _, err := place.Take(path, 0, func(string) {}); !errors.Is(err, folder.ErrInUse) {
		t.Errorf("taken twice: %v; want ErrInUse", err)
	}
	first.Release()
	second, said := take(t, path, 0)
	second.Release()
	if second.Ports != first.Ports || len(said) != 0 {
		t.Errorf("ports %d, then %d; said %q", first.Ports, second.Ports, said)
	}
}

func TestATakenPortMovesThePlaceAndSaysWhoHasIt(t *testing.T) {
	path := t.TempDir()
	first, _ := take(t, path, 0)
	first.Release()
	occupy(t, first.Ports.FIX())
	second, said := take(t, path, 0)
	defer second.Release()
	if _, taken := second.Ports.Hold(); second.Ports == first.Ports || taken != second.Ports.Claim() {
		t.Errorf("moved from %d to %d, where port %d is taken", first.Ports, second.Ports, taken)
	}
	if text := strings.Join(said, "\n"); !strings.Contains(text, "(fix) is in use by process "+strconv.Itoa(os.Getpid())) {
		t.Errorf("said %q", text)
	}
}

// Another place may start before the first one's servers listen.
func TestAPlacesPortsAreItsOwnBeforeAnythingListens(t *testing.T) {
	first, _ := take(t, t.TempDir(), 0)
	defer first.Release()
	_, err := place.Take(t.TempDir(), int(first.Ports), func(string) {})
	if err == nil || !strings.Contains(err.Error(), "(fxcore) is in use by process "+strconv.Itoa(os.Getpid())) {
		t.Errorf("error %v", err)
	}
}

func TestATakenPortThatTheUserInsistsOnIsAnErrorWithWhatToDo(t *testing.T) {
	b, release, err := ports.Choose()
	if err != nil {
		t.Fatal(err)
	}
	release()
	occupy(t, b.Postgres())
	_, err = place.Take(t.TempDir(), int(b), func(string) {})
	if err == nil || !strings.Contains(err.Error(), "(postgres) is in use") || !strings.Contains(err.Error(), "PORT_BASE") {
		t.Errorf("error %v", err)
	}
}

func TestAFolderThatCannotBeMadeIsAnErrorWithWhatToDo(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := place.Take(filepath.Join(file, "run"), 0, func(string) {}); err == nil || !strings.Contains(err.Error(), "writable") {
		t.Errorf("error %v", err)
	}
}
