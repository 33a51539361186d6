package bill

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// document is a bill of materials: CycloneDX 1.6.
type document struct {
	Format     string      `json:"bomFormat"`
	Spec       string      `json:"specVersion"`
	Version    int         `json:"version"`
	Metadata   metadata    `json:"metadata"`
	Components []component `json:"components"`
}

type metadata struct {
	Component component `json:"component"`
}

type component struct {
	Ref      string    `json:"bom-ref"`
	Type     string    `json:"type"`
	Name     string    `json:"name"`
	Version  string    `json:"version,omitempty"`
	PURL     string    `json:"purl,omitempty"`
	Hashes   []digest  `json:"hashes,omitempty"`
	Licences []licence `json:"licenses,omitempty"`
}

type digest struct {
	Algorithm string `json:"alg"`
	Content   string `json:"content"` // hexadecimal
}

type licence struct {
	Licence struct {
		ID string `json:"id"` // of SPDX
	} `json:"license"`
}

// pages lists the modules that travel to the browser, from npm's lock file (version 3). What only builds and tests the pages is left out.
func pages(lock []byte) ([]byte, error) {
	var file struct {
		Name     string `json:"name"`
		Packages map[string]struct {
			Version   string `json:"version"`
			Integrity string `json:"integrity"`
			Licence   string `json:"license"`
			Dev       bool   `json:"dev"`
		} `json:"packages"`
	}
	if err := json.Unmarshal(lock, &file); err != nil {
		return nil, fmt.Errorf("read the lock file: %w", err)
	}
	d := document{
		Format: "CycloneDX", Spec: "1.6", Version: 1,
		Metadata: metadata{component{Ref: file.Name, Type: "application", Name: file.Name}},
	}
	for _, path := range slices.Sorted(maps.Keys(file.Packages)) {
		p := file.Packages[path]
		if path == "" || p.Dev {
			continue
		}
		name := path[strings.LastIndex(path, "node_modules/")+len("node_modules/"):]
		sum, err := sha512(p.Integrity)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		c := component{Type: "library", Name: name, Version: p.Version, PURL: "pkg:npm/" + strings.ReplaceAll(name, "@", "%40") + "@" + p.Version, Hashes: []digest{{"SHA-512", sum}}}
		c.Ref = c.PURL
		c.Licences = make([]licence, 1)
		c.Licences[0].Licence.ID = p.Licence
		d.Components = append(d.Components, c)
	}
	text, err := json.MarshalIndent(d, "", "  ")
	return append(text, '\n'), err
}

// sha512 returns the digest of an npm integrity text in hexadecimal.
func sha512(integrity string) (string, error) {
	text, is := strings.CutPrefix(integrity, "sha512-")
	if !is {
		return "", fmt.Errorf("no digest in %q", integrity)
	}
	sum, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return "", fmt.Errorf("read digest: %w", err)
	}
	return hex.EncodeToString(sum), nil
}
