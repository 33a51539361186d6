package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// options come from the environment, so that they are the same with make: `PORT_BASE=21000 make run`.
type options struct {
	root  string   // FXCORE_ROOT: the folder for everything that is written, by default .run
	ports int      // PORT_BASE: the first port of the block; 0: any
	json  bool     // FORMAT=json
	links string   // FXCORE_LINKS: a file with links, see fleet.Links; by default none
	ahead bool     // CLOCK_MAY_RUN_AHEAD=true: the bank's clock may be ahead of real time
	login []string // OPENID_…: the settings of auth by which people come by an identity provider; by default none
	disk  string   // DISK: a folder on the disk that monitoring watches; empty: root
	full  full     // FULL: whether Cassandra and the other servers of a full start run
	bin   string   // folder of the programs, the same as this program's
	here  string   // the caller's folder, in which commands run
}

func readOptions(env func(string) string) (options, error) {
	o := options{root: ".run", json: env("FORMAT") == "json", links: env("FXCORE_LINKS"), ahead: env("CLOCK_MAY_RUN_AHEAD") == "true", disk: env("DISK")}
	for _, name := range []string{"OPENID_ISSUER", "OPENID_CLIENT_ID", "OPENID_CLAIM", "OPENID_CA_FILE"} {
		if value := env(name); value != "" {
			if strings.HasSuffix(name, "_FILE") {
				if absolute, err := filepath.Abs(value); err == nil {
					value = absolute
				}
			}
			o.login = append(o.login, name+"="+value)
		}
	}
	if root := env("FXCORE_ROOT"); root != "" {
		o.root = root
	}
	if base := env("PORT_BASE"); base != "" {
		n, err := strconv.Atoi(base)
		if err != nil || n < 1024 || n > 65000 {
			return o, fmt.Errorf("PORT_BASE=%s is not a port between 1024 and 65000", base)
		}
		o.ports = n
	}
	var err error
	if o.full, err = readFull(env); err != nil {
		return o, err
	}
	self, err := os.Executable()
	if err != nil {
		return o, fmt.Errorf("find own program: %w", err)
	}
	o.bin = filepath.Dir(self)
	if o.here, err = os.Getwd(); err != nil {
		return o, fmt.Errorf("find own folder: %w", err)
	}
	if o.disk != "" && !filepath.IsAbs(o.disk) {
		o.disk = filepath.Join(o.here, o.disk)
	}
	return o, nil
}
