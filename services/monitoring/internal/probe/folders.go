package probe

import (
	"cmp"
	"context"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"fxcore/services/monitoring/internal/alert"
)

// How often folders are measured: more often when the disk fills. How long that may take, and how many folders are told of.
const (
	folderRest  = 10 * time.Minute
	folderHurry = 30 * time.Second
	folderBound = 20 * time.Second
	mostFolders = 12
	filling     = 0.8 // of the disk
)

// folders measures what lies in a folder, beside the look that asks for it: a disk that is slow delays no alert. It is safe for concurrent use.
type folders struct {
	mu    sync.Mutex
	busy  bool
	at    time.Time // when the last measurement began
	sizes []size    // that it has found, the largest first
}

type size struct {
	folder string
	bytes  int64
}

// samples returns what the last measurement has found. It begins another one if that is long ago.
func (f *folders) samples(ctx context.Context, root string, used float64, now time.Time) (samples []alert.Sample) {
	f.mu.Lock()
	defer f.mu.Unlock()
	rest := folderRest
	if used >= filling {
		rest = folderHurry
	}
	if !f.busy && (f.at.IsZero() || now.Sub(f.at) >= rest) {
		f.busy, f.at = true, now
		go f.measure(context.WithoutCancel(ctx), root)
	}
	for _, s := range f.sizes {
		samples = append(samples, alert.Of("fx_folder_bytes", float64(s.bytes), "folder", s.folder))
	}
	return samples
}

func (f *folders) measure(ctx context.Context, root string) {
	ctx, cancel := context.WithTimeout(ctx, folderBound)
	defer cancel()
	sizes := sizesOf(ctx, root)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sizes, f.busy = sizes, false
}

// sizesOf returns the largest folders that lie two levels below root, or one where there is no second. It counts what the files take on root's own
// disk, leaves out what it may not read, and stops when ctx ends.
func sizesOf(ctx context.Context, root string) []size {
	found := map[string]int64{}
	var disk uint64
	_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error { // the function returns no other error than the two of fs
		if ctx.Err() != nil {
			return fs.SkipAll
		}
		info, faulty := infoOf(d, err)
		switch {
		case faulty != nil:
			return skip(d)
		case disk == 0:
			disk = uint64(info.Dev) //nolint:unconvert // its type is another one on other systems
		case uint64(info.Dev) != disk: //nolint:unconvert // as above
			return skip(d)
		}
		found[place(root, path, d.IsDir())] += info.Blocks * 512
		return nil
	})
	sizes := make([]size, 0, len(found))
	for folder, bytes := range found {
		sizes = append(sizes, size{folder, bytes})
	}
	slices.SortFunc(sizes, func(a, b size) int { return cmp.Or(cmp.Compare(b.bytes, a.bytes), cmp.Compare(a.folder, b.folder)) })
	return sizes[:min(len(sizes), mostFolders)]
}

// skip leaves out what could not be read: the whole folder, if it is one.
func skip(d fs.DirEntry) error {
	if d != nil && d.IsDir() {
		return fs.SkipDir
	}
	return nil
}

func infoOf(d fs.DirEntry, err error) (*syscall.Stat_t, error) {
	if err != nil {
		return nil, err
	}
	info, err := d.Info()
	if err != nil {
		return nil, err //nolint:wrapcheck // it is not told: the file has gone
	}
	stat, known := info.Sys().(*syscall.Stat_t)
	if !known {
		return nil, fs.ErrInvalid
	}
	return stat, nil
}

// place returns the folder that a path counts for: "data/postgres", "log", or "." for what lies in root itself.
func place(root, path string, isFolder bool) string {
	below, err := filepath.Rel(root, path)
	if err != nil || below == "." {
		return "."
	}
	parts := strings.Split(below, string(filepath.Separator))
	if !isFolder {
		parts = parts[:len(parts)-1]
	}
	if len(parts) == 0 {
		return "."
	}
	return strings.Join(parts[:min(len(parts), 2)], "/")
}
