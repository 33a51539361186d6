// Package image makes container images (OCI) of our programs, without a container engine: the program, a user and two empty folders, and
// nothing else. The same programs of the same commit have the same digests, whenever and wherever the images are made.
package image

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"strconv"
	"time"

	"github.com/opencontainers/image-spec/specs-go"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2"
	"oras.land/oras-go/v2/content"
)

// User is the user and group as which every program runs. It has no name on any host, and owns nothing there.
const User = 65532

// Architecture is the processor for which images are made, as Go names it.
const Architecture = "amd64"

// Program is one program to put into an image.
type Program struct {
	Name string // also the name of the image
	Path string // of the executable, which is linked statically
	Bill string // path of its bill of materials (CycloneDX, JSON); empty: the image has none
}

// Release is the state of the source from which programs were built.
type Release struct {
	Commit string
	At     time.Time // of the commit
}

// Tag is the release's name at a registry: the first 12 digits of the commit, as the programs themselves tell it.
func (r Release) Tag() string { return r.Commit[:min(len(r.Commit), 12)] }

// What an image may measure: a host that has just joined fetches all of them before it takes work.
const (
	mostUnpacked = 21_000_000 // bytes
	mostPacked   = 8_000_000  // bytes
)

// Made is an image.
type Made struct {
	Name     string
	Digest   string // of its manifest: by it the image is deployed
	Unpacked int64  // bytes
	Packed   int64  // bytes, as it travels
}

// Fits returns an error if an image is larger than it may be.
func (m Made) Fits() error {
	if m.Unpacked > mostUnpacked || m.Packed > mostPacked {
		return fmt.Errorf("the image of %s has %d bytes, %d packed; it may have %d and %d: look at what its program imports", m.Name, m.Unpacked, m.Packed, mostUnpacked, mostPacked)
	}
	return nil
}

// Store is where images are kept. A layout on disk and the memory of a test are stores.
type Store interface {
	content.Storage
	content.Tagger
}

// Write makes the image of a program and adds it to a store under the program's name. Errors: a file cannot be read, or the store cannot be
// written.
func Write(ctx context.Context, store Store, p Program, r Release) (Made, error) {
	program, err := os.ReadFile(p.Path)
	if err != nil {
		return Made{}, fmt.Errorf("read the program: %w", err)
	}
	made := Made{Name: p.Name}
	about := r.about(p)
	manifest := ocispec.Manifest{Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispec.MediaTypeImageManifest}
	config := ocispec.Image{Created: &r.At, Platform: ocispec.Platform{Architecture: Architecture, OS: "linux"}, Config: ocispec.ImageConfig{
		User: fmt.Sprintf("%d:%d", User, User), Entrypoint: []string{"/" + p.Name}, WorkingDir: "/",
		Env: []string{"TZ=UTC"}, Labels: about, StopSignal: "SIGTERM",
	}}
	config.RootFS.Type = "layers"
	for _, files := range [][]file{skeleton(), {{name: p.Name, mode: 0o555, content: program}}} {
		l, err := pack(files)
		if err != nil {
			return Made{}, fmt.Errorf("pack %s: %w", p.Name, err)
		}
		if err := put(ctx, store, l.descriptor, l.packed); err != nil {
			return Made{}, err
		}
		manifest.Layers = append(manifest.Layers, l.descriptor)
		config.RootFS.DiffIDs = append(config.RootFS.DiffIDs, l.unpacked)
		made.Unpacked += l.size
		made.Packed += l.descriptor.Size
	}
	manifest.Annotations = maps.Clone(about)
	manifest.Annotations[unpackedKey] = strconv.FormatInt(made.Unpacked, 10)
	if manifest.Config, err = putJSON(ctx, store, ocispec.MediaTypeImageConfig, config); err != nil {
		return Made{}, err
	}
	whole, err := putJSON(ctx, store, ocispec.MediaTypeImageManifest, manifest)
	if err != nil {
		return Made{}, err
	}
	if err := store.Tag(ctx, whole, p.Name); err != nil {
		return Made{}, fmt.Errorf("name the image of %s: %w", p.Name, err)
	}
	made.Digest = whole.Digest.String()
	return made, attach(ctx, store, p, r, whole)
}

// about says what an image is, on its configuration and on its manifest: who inspects a container reads the one, a registry shows the other.
func (r Release) about(p Program) map[string]string {
	return map[string]string{
		ocispec.AnnotationTitle: p.Name, ocispec.AnnotationRevision: r.Commit, ocispec.AnnotationVersion: r.Tag(),
		ocispec.AnnotationCreated: r.At.UTC().Format(time.RFC3339),
	}
}

// unpackedKey is the annotation of a manifest with the size of the image's files in bytes, so that a list needs no layer.
const unpackedKey = "fxcore.image.unpacked-bytes"

// Read returns the image that a store has under a name. Error: it has none, or what it has is no image of ours.
func Read(ctx context.Context, store oras.ReadOnlyTarget, name, reference string) (Made, error) {
	descriptor, text, err := oras.FetchBytes(ctx, store, reference, oras.DefaultFetchBytesOptions)
	if err != nil {
		return Made{}, fmt.Errorf("read the image of %s: %w", name, err)
	}
	var manifest ocispec.Manifest
	if err := json.Unmarshal(text, &manifest); err != nil {
		return Made{}, fmt.Errorf("read the image of %s: %w", name, err)
	}
	made := Made{Name: name, Digest: descriptor.Digest.String()}
	if made.Unpacked, err = strconv.ParseInt(manifest.Annotations[unpackedKey], 10, 64); err != nil {
		return Made{}, fmt.Errorf("the image of %s does not say how large it is: %w", name, err)
	}
	for _, l := range manifest.Layers {
		made.Packed += l.Size
	}
	return made, nil
}

// BillType is the type of a bill of materials as an artifact that refers to an image.
const BillType = "application/vnd.cyclonedx+json"

// attach adds the bill of materials as an artifact that refers to the image, so that it goes wherever the image goes.
func attach(ctx context.Context, store Store, p Program, r Release, subject ocispec.Descriptor) error {
	if p.Bill == "" {
		return nil
	}
	bill, err := os.ReadFile(p.Bill)
	if err != nil {
		return fmt.Errorf("read the bill of materials: %w", err)
	}
	layer := content.NewDescriptorFromBytes(BillType, bill)
	if err := put(ctx, store, layer, bill); err != nil {
		return err
	}
	_, err = oras.PackManifest(ctx, store, oras.PackManifestVersion1_1, BillType, oras.PackManifestOptions{
		Subject: &subject, Layers: []ocispec.Descriptor{layer}, ManifestAnnotations: map[string]string{ocispec.AnnotationCreated: r.At.UTC().Format(time.RFC3339)},
	})
	if err != nil {
		return fmt.Errorf("attach the bill of materials of %s: %w", p.Name, err)
	}
	return nil
}

func putJSON(ctx context.Context, store Store, mediaType string, of any) (ocispec.Descriptor, error) {
	text, err := json.Marshal(of)
	if err != nil {
		return ocispec.Descriptor{}, fmt.Errorf("write an image: %w", err)
	}
	descriptor := content.NewDescriptorFromBytes(mediaType, text)
	return descriptor, put(ctx, store, descriptor, text)
}

// put adds content to a store, unless the store has it: layers are shared.
func put(ctx context.Context, store Store, of ocispec.Descriptor, text []byte) error {
	there, err := store.Exists(ctx, of)
	if err == nil && !there {
		err = store.Push(ctx, of, bytes.NewReader(text))
	}
	if err != nil {
		return fmt.Errorf("keep an image's content: %w", err)
	}
	return nil
}
