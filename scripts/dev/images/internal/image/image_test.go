package image_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2"
	"oras.land/oras-go/v2/content"
	"oras.land/oras-go/v2/content/memory"

	"fxcore/scripts/dev/images/internal/image"
)

var release = image.Release{Commit: "0123456789abcdef0123456789abcdef01234567", At: time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)}

// program writes an executable and its bill of materials below a folder of its own.
func program(t *testing.T, text string) image.Program {
	t.Helper()
	folder := t.TempDir()
	p := image.Program{Name: "auth", Path: filepath.Join(folder, "auth"), Bill: filepath.Join(folder, "auth.cdx.json")}
	for path, content := range map[string]string{p.Path: text, p.Bill: `{"bomFormat":"CycloneDX"}`} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func write(t *testing.T, store image.Store, p image.Program, r image.Release) image.Made {
	t.Helper()
	made, err := image.Write(t.Context(), store, p, r)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// Neither the folder nor the time nor the permissions of the file decide about the digest: only the program and the commit do.
func TestTheSameProgramOfTheSameCommitHasTheSameDigest(t *testing.T) {
	t.Parallel()
	first, second := program(t, "program"), program(t, "program")
	if err := errors.Join(os.Chmod(second.Path, 0o700), os.Chtimes(second.Path, time.Unix(1, 0), time.Unix(1, 0))); err != nil { //nolint:gosec // a test's file
		t.Fatal(err)
	}
	one := write(t, memory.New(), first, release)
	if diff := cmp.Diff(one, write(t, memory.New(), second, release)); diff != "" {
		t.Error(diff)
	}
	later := release
	later.Commit = "1" + later.Commit[1:]
	for what, other := range map[string]image.Made{
		"another program": write(t, memory.New(), program(t, "another"), release), "another commit": write(t, memory.New(), first, later),
	} {
		if other.Digest == one.Digest {
			t.Errorf("%s has the same digest", what)
		}
	}
}

func TestAnImageHoldsTheProgramAndNothingThatItCouldRunInstead(t *testing.T) {
	t.Parallel()
	store := memory.New()
	made := write(t, store, program(t, "program"), release)
	manifest, config := read(t, store, "auth")
	var files []string
	for _, l := range manifest.Layers {
		files = append(files, list(t, store, l)...)
	}
	want := []string{"data/ 700 65532", "etc/ 755 0", "etc/passwd 444 0", "tmp/ 1777 0", "auth 555 0"}
	if diff := cmp.Diff(want, files); diff != "" {
		t.Error(diff)
	}
	if c := config.Config; c.User != "65532:65532" || len(c.Entrypoint) != 1 || c.Entrypoint[0] != "/auth" || len(c.Cmd) != 0 {
		t.Errorf("it starts as %q: %q %q", c.User, c.Entrypoint, c.Cmd)
	}
	if got := config.Config.Labels[ocispec.AnnotationRevision]; got != release.Commit || manifest.Annotations[ocispec.AnnotationRevision] != got {
		t.Errorf("it is of commit %q, its manifest of %q", got, manifest.Annotations[ocispec.AnnotationRevision])
	}
	again, err := image.Read(t.Context(), store, "auth", "auth")
	if diff := cmp.Diff(made, again); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

func TestABillOfMaterialsRefersToItsImage(t *testing.T) {
	t.Parallel()
	store := memory.New()
	made := write(t, store, program(t, "program"), release)
	subject, err := store.Resolve(t.Context(), "auth")
	if err != nil || subject.Digest.String() != made.Digest {
		t.Fatal(subject, err)
	}
	bills, err := store.Predecessors(t.Context(), subject)
	if err != nil || len(bills) != 1 || bills[0].ArtifactType != image.BillType {
		t.Errorf("%v, %v", bills, err)
	}
}

func TestAnImageThatIsTooLargeIsRefused(t *testing.T) {
	t.Parallel()
	for _, m := range []image.Made{{Name: "auth", Unpacked: 21_000_001}, {Name: "auth", Packed: 8_000_001}} {
		if err := m.Fits(); err == nil || !strings.Contains(err.Error(), "auth") {
			t.Errorf("%+v: %v", m, err)
		}
	}
	if err := (image.Made{Unpacked: 21_000_000, Packed: 8_000_000}).Fits(); err != nil {
		t.Error(err)
	}
}

func TestWhatIsMissingIsNamed(t *testing.T) {
	t.Parallel()
	p := program(t, "program")
	p.Bill += ".none"
	if _, err := image.Write(t.Context(), memory.New(), p, release); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without its bill: %v", err)
	}
	p.Path += ".none"
	if _, err := image.Write(t.Context(), memory.New(), p, release); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without the program: %v", err)
	}
}

func read(t *testing.T, store oras.ReadOnlyTarget, reference string) (manifest ocispec.Manifest, config ocispec.Image) {
	t.Helper()
	_, text, err := oras.FetchBytes(t.Context(), store, reference, oras.DefaultFetchBytesOptions)
	if err == nil {
		err = json.Unmarshal(text, &manifest)
	}
	if err == nil {
		text, err = content.FetchAll(t.Context(), store, manifest.Config)
	}
	if err == nil {
		err = json.Unmarshal(text, &config)
	}
	if err != nil {
		t.Fatal(err)
	}
	return manifest, config
}

// list returns the name, the permissions and the owner of each file of a layer.
func list(t *testing.T, store content.Fetcher, layer ocispec.Descriptor) (files []string) {
	t.Helper()
	packed, err := content.FetchAll(t.Context(), store, layer)
	if err != nil {
		t.Fatal(err)
	}
	archive, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	for r := tar.NewReader(archive); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		if !header.ModTime.Equal(time.Unix(0, 0)) || header.Uid != header.Gid {
			t.Errorf("%s is of %s and belongs to %d:%d", header.Name, header.ModTime, header.Uid, header.Gid)
		}
		files = append(files, fmt.Sprintf("%s %o %d", header.Name, header.Mode, header.Uid))
	}
}
