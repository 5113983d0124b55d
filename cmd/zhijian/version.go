package main

import (
	"fmt"
	"runtime/debug"
)

type versionCmd struct {
	Modules bool `help:"List the modules the binary was built from."`
}

// Run prints what the binary was built from.
func (c versionCmd) Run() error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return fmt.Errorf("the binary has no build information")
	}
	fmt.Println("zhijian", info.Main.Version, info.GoVersion)
	if c.Modules {
		for _, m := range info.Deps {
			fmt.Println(m.Path, m.Version)
		}
	}
	return nil
}
