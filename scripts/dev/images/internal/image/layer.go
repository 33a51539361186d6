package image

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"time"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/content"
)

// file is one file of a layer, or a folder if its name ends in a slash.
type file struct {
	name    string
	mode    int64
	owner   int // user and group
	content []byte
}

// skeleton returns what all images have, as one layer that they share. A container's file system is read-only, so the two folders are where a
// stack mounts memory and a volume: /tmp for everybody, and /data for what a simulator keeps.
func skeleton() []file {
	passwd := fmt.Sprintf("root:x:0:0:root:/:/none\nfxcore:x:%[1]d:%[1]d:a program:/:/none\n", User)
	return []file{
		{name: "data/", mode: 0o700, owner: User},
		{name: "etc/", mode: 0o755},
		{name: "etc/passwd", mode: 0o444, content: []byte(passwd)},
		{name: "tmp/", mode: 0o1777},
	}
}

// layer is a packed layer.
type layer struct {
	descriptor ocispec.Descriptor
	packed     []byte
	unpacked   digest.Digest // of the archive before it was compressed
	size       int64         // bytes of its files
}

// pack packs files. Nothing in a layer depends on when or where, or by whom, it is packed.
func pack(files []file) (layer, error) {
	var archive, packed bytes.Buffer
	l := layer{}
	w := tar.NewWriter(&archive)
	for _, f := range files {
		header := &tar.Header{
			Typeflag: tar.TypeReg, Name: f.name, Mode: f.mode, Uid: f.owner, Gid: f.owner, Size: int64(len(f.content)),
			ModTime: time.Unix(0, 0), Format: tar.FormatUSTAR,
		}
		if f.name[len(f.name)-1] == '/' {
			header.Typeflag = tar.TypeDir
		}
		if err := w.WriteHeader(header); err != nil {
			return l, err
		}
		if _, err := w.Write(f.content); err != nil {
			return l, err
		}
		l.size += int64(len(f.content))
	}
	if err := w.Close(); err != nil {
		return l, err
	}
	l.unpacked = digest.FromBytes(archive.Bytes())
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(archive.Bytes()); err != nil {
		return l, err
	}
	if err := z.Close(); err != nil {
		return l, err
	}
	l.packed = packed.Bytes()
	l.descriptor = content.NewDescriptorFromBytes(ocispec.MediaTypeImageLayerGzip, l.packed)
	return l, nil
}
