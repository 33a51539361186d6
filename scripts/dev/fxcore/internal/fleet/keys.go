package fleet

import (
	"errors"
	"strings"

	"fxcore/lambda/amqp"
	"fxcore/lambda/signing"
	"fxcore/scripts/internal/programs"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
)

// The secrets that are keys, by their names in the folder.
const (
	accessKey = "access.key" // auth's: others seal for it
	setsKey   = "sets.key"   // of the mainframe's gateway, which signs sets
)

func signingSecret(program string) string { return "signing-" + program }
func proofSecret(program string) string   { return "proof-" + program }

// Settings whose values are lists of keys: the one in use first.
const (
	proofKeys  = "AMQP_PROOF_KEYS"
	accessKeys = "ACCESS_KEY"
)

// Files with public keys, which are no secrets.
const (
	accessPublicFile = "secrets/access.pub" // of the key in use
	setsPublicFile   = "secrets/sets.pub"   // of each key that is trusted
)

func drawSigning() (string, error) {
	key, err := signing.New()
	if err != nil {
		return "", err
	}
	return key.Reveal(), nil
}

func drawAccess() (string, error) {
	key, err := access.NewKey()
	if err != nil {
		return "", err
	}
	return key.Reveal(), nil
}

// auth returns auth's settings. The command line of on-call reads the same file and needs the public part.
func (f Fleet) auth() []string {
	keys, err := f.Folder.Values(accessKey)
	if err != nil {
		keys = nil // its file cannot be read: the start says so when it writes the keys
	}
	settings := append(f.accessPublic(), accessKeys+"="+strings.Join(keys, ","), "ACCESS_AUDIENCES=api,workstation")
	return append(settings, f.Login...)
}

// accessPublic returns the setting of who seals for auth.
func (f Fleet) accessPublic() []string {
	return []string{"ACCESS_PUBLIC_KEY_FILE=" + f.Folder.Path(accessPublicFile)}
}

// writeKeys draws the keys that are not there, and writes the files of their public parts.
func (f Fleet) writeKeys() error {
	_, accessErr := f.Folder.SecretBy(accessKey, drawAccess)
	_, setsErr := f.Folder.SecretBy(setsKey, drawSigning)
	return errors.Join(accessErr, setsErr, f.writeAccessPublic(), f.writeSetsPublic())
}

func (f Fleet) writeAccessPublic() error {
	text, err := f.Folder.Secret(accessKey)
	if err != nil {
		return err
	}
	var key access.PrivateKey
	if err := key.UnmarshalText([]byte(text)); err != nil {
		return err
	}
	return f.Folder.Write(accessPublicFile, []byte(key.Public().String()+"\n"), 0o644)
}

func (f Fleet) writeSetsPublic() error {
	keys, err := f.public(setsKey)
	if err != nil {
		return err
	}
	var texts []string
	for _, key := range keys {
		texts = append(texts, key.String())
	}
	return f.Folder.Write(setsPublicFile, []byte(strings.Join(texts, ",")+"\n"), 0o644)
}

// public returns the public parts of a signing key's values.
func (f Fleet) public(secret string) (keys []signing.PublicKey, err error) {
	values, err := f.Folder.Values(secret)
	if err != nil {
		return nil, err
	}
	for _, text := range values {
		key, err := signing.ParseKey(text)
		if err != nil {
			return nil, err
		}
		keys = append(keys, key.Public())
	}
	return keys, nil
}

// signers are the programs that sign messages, and the key for emergencies.
func signers() []string {
	return append(programs.Names(programs.Of(func(p programs.Program) bool { return p.Signs })), contract.BreakGlass)
}

// writeSigners writes whose signatures count.
func (f Fleet) writeSigners() error {
	all := amqp.Signers{}
	for _, name := range signers() {
		if _, err := f.Folder.SecretBy(signingSecret(name), drawSigning); err != nil {
			return err
		}
		keys, err := f.public(signingSecret(name))
		if err != nil {
			return err
		}
		all[name] = keys
	}
	return f.Folder.WriteJSON(signersFile, all, 0o644)
}

// proofs returns the keys by which a program knows again what it put into the error queue.
func (f Fleet) proofs(program string) (string, error) {
	if _, err := f.Folder.Secret(proofSecret(program)); err != nil {
		return "", err
	}
	keys, err := f.Folder.Values(proofSecret(program))
	return strings.Join(keys, ","), err
}
