// Command images makes container images of our programs, and brings them to the bank's registry:
//
//	images compile -source FOLDER -from .run/release/programs    the programs, from a clone of the source
//	images build -from .run/release/programs -bills .run/release/bills -out .run/release/images -commit HASH -at UNIX-SECONDS
//	images list  -out .run/release/images                  what is there: name, digest, sizes in bytes
//	images list  -registry -tag TAG                the same, of the registry
//	images push  -out .run/release/images -tag TAG         to the registry; prints the settings by which a stack names each image by its digest
//	images check -out .run/release/images -other FOLDER    nothing but the source decides: both have the same digests
//
// The registry's settings are REGISTRY, REGISTRY_USER, REGISTRY_PASSWORD_FILE and REGISTRY_CA_FILE.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"text/tabwriter"
	"time"

	"oras.land/oras-go/v2"
	"oras.land/oras-go/v2/content/oci"

	"fxcore/scripts/dev/images/internal/image"
	"fxcore/scripts/dev/images/internal/registry"
	"fxcore/scripts/internal/deployment"
	"fxcore/scripts/internal/programs"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "images:", err)
		os.Exit(1)
	}
}

var errUsage = errors.New("usage: images compile|build|list|push|check, see go doc fxcore/scripts/dev/images")

// task is what the command line asks for.
type task struct {
	source, from, bills, out, other string
	release                         image.Release
	tag                             string
	remote                          bool
	names                           []string // of the images
}

func run(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 {
		return errUsage
	}
	t := task{names: programs.Names(programs.Ours())}
	flags := flag.NewFlagSet(args[0], flag.ContinueOnError)
	flags.StringVar(&t.source, "source", "", "folder of the source: a clone without changes, from which Go learns the commit")
	flags.StringVar(&t.from, "from", ".run/release/programs", "folder of the programs")
	flags.StringVar(&t.bills, "bills", "", "folder of their bills of materials; empty: the images have none")
	flags.StringVar(&t.out, "out", ".run/release/images", "folder of the images, an OCI layout")
	flags.StringVar(&t.other, "other", "", "another such folder")
	flags.StringVar(&t.release.Commit, "commit", "", "the commit of the source")
	flags.StringVar(&t.tag, "tag", "", "the images' name at the registry, a commit's first 12 digits")
	flags.BoolVar(&t.remote, "registry", false, "list what the registry has")
	at := flags.Int64("at", 0, "when the commit was made, in seconds since 1970")
	only := flags.String("only", "", "one image instead of all")
	if err := flags.Parse(args[1:]); err != nil {
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	t.release.At = time.Unix(*at, 0).UTC()
	if *only != "" {
		t.names = []string{*only}
	}
	does, known := map[string]func(context.Context, io.Writer) error{"compile": t.compile, "build": t.build, "list": t.list, "push": t.push, "check": t.check}[args[0]]
	if !known {
		return errUsage
	}
	return does(ctx, out)
}

// compile builds the programs. What they are made from is the source and Go's version: nothing of the caller's environment counts.
func (t task) compile(ctx context.Context, out io.Writer) error {
	to, err := filepath.Abs(t.from)
	if err != nil {
		return fmt.Errorf("find the folder of programs: %w", err)
	}
	for _, name := range t.names {
		p, known := programs.Named(name)
		if !known || p.Folder == "" {
			return fmt.Errorf("%q is no program of ours", name)
		}
		cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=true", "-ldflags=-s -w", "-o", filepath.Join(to, name), "./"+p.Folder) //nolint:gosec // our own list
		cmd.Dir = t.source
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH="+image.Architecture, "GOAMD64=v1", "GOFLAGS=", "GOEXPERIMENT=", "GOWORK=off")
		if said, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("build %s: %w: %s", name, err, said)
		}
		_, _ = fmt.Fprintf(out, "built %s\n", name)
	}
	return nil
}

// build makes all images. It keeps what else the folder has.
func (t task) build(ctx context.Context, out io.Writer) error {
	if t.release.Commit == "" || t.release.At.Unix() == 0 {
		return errors.New("an image says of which commit it is: -commit and -at")
	}
	store, err := oci.New(t.out)
	if err != nil {
		return fmt.Errorf("open the folder of images: %w", err)
	}
	var faults []error
	for _, name := range t.names {
		p := image.Program{Name: name, Path: filepath.Join(t.from, name)}
		if t.bills != "" {
			p.Bill = filepath.Join(t.bills, name+".cdx.json")
		}
		made, err := image.Write(ctx, store, p, t.release)
		if err != nil {
			return err
		}
		faults = append(faults, made.Fits())
	}
	return errors.Join(append(faults, t.list(ctx, out))...)
}

func (t task) list(ctx context.Context, out io.Writer) error {
	all, err := t.read(ctx)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "IMAGE\tDIGEST\tUNPACKED\tPACKED")
	for _, m := range all {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%d\t%d\n", m.Name, m.Digest, m.Unpacked, m.Packed)
	}
	return table.Flush()
}

// read returns the images, of the folder or of the registry.
func (t task) read(ctx context.Context) ([]image.Made, error) {
	if !t.remote {
		return readFolder(ctx, t.out, t.names)
	}
	settings, err := registry.Load()
	if err != nil {
		return nil, err
	}
	if t.tag == "" {
		return nil, errors.New("the images of which release? -tag")
	}
	var all []image.Made
	for _, name := range t.names {
		repository, err := settings.Repository(name)
		if err != nil {
			return nil, err
		}
		made, err := image.Read(ctx, repository, name, t.tag)
		if err != nil {
			return nil, err
		}
		all = append(all, made)
	}
	return all, nil
}

func readFolder(ctx context.Context, folder string, names []string) (all []image.Made, err error) {
	if _, err := os.Stat(filepath.Join(folder, "oci-layout")); err != nil {
		return nil, fmt.Errorf("%s has no images: run make images: %w", folder, err)
	}
	store, err := oci.New(folder)
	if err != nil {
		return nil, fmt.Errorf("open the folder of images: %w", err)
	}
	for _, name := range names {
		made, err := image.Read(ctx, store, name, name)
		if err != nil {
			return nil, err
		}
		all = append(all, made)
	}
	return all, nil
}

// push copies the images with their bills of materials. What the registry has under the tag stays if it is the same, and is never replaced:
// the digest that was tested is the digest that is deployed.
func (t task) push(ctx context.Context, out io.Writer) error {
	settings, err := registry.Load()
	if err != nil {
		return err
	}
	if t.tag == "" {
		return errors.New("under which name? -tag")
	}
	all, err := readFolder(ctx, t.out, t.names)
	if err != nil {
		return err
	}
	store, err := oci.New(t.out)
	if err != nil {
		return fmt.Errorf("open the folder of images: %w", err)
	}
	for _, m := range all {
		repository, err := settings.Repository(m.Name)
		if err != nil {
			return err
		}
		if there, err := image.Read(ctx, repository, m.Name, t.tag); err == nil && there.Digest != m.Digest {
			return fmt.Errorf("the registry has another image of %s under %s: %s; this one is %s", m.Name, t.tag, there.Digest, m.Digest)
		}
		if _, err := oras.ExtendedCopy(ctx, store, m.Name, repository, t.tag, oras.DefaultExtendedCopyOptions); err != nil {
			return fmt.Errorf("push the image of %s: %w", m.Name, err)
		}
		_, _ = fmt.Fprintf(out, "%s=%s/%s@%s\n", deployment.ImageVariable(m.Name), settings.Prefix, m.Name, m.Digest)
	}
	return nil
}

// check compares the digests of two folders of images.
func (t task) check(ctx context.Context, out io.Writer) error {
	ours, err := readFolder(ctx, t.out, t.names)
	if err != nil {
		return err
	}
	theirs, err := readFolder(ctx, t.other, t.names)
	if err != nil {
		return err
	}
	var faults []error
	for i := range ours {
		if ours[i].Digest != theirs[i].Digest {
			faults = append(faults, fmt.Errorf("%s differs: %s and %s", ours[i].Name, ours[i].Digest, theirs[i].Digest))
		}
	}
	if len(faults) == 0 {
		_, _ = fmt.Fprintf(out, "%d images are the same in both\n", len(ours))
	}
	return errors.Join(faults...)
}
