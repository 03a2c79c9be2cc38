package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/yardmaster/yardmaster/engine/core"
)

// build is what this program is.
type build struct {
	Version   string `json:"version"`
	Commit    string `json:"commit,omitempty"`
	Modified  bool   `json:"modified,omitempty"` // built from a tree with changes
	Go        string `json:"go"`
	Platform  string `json:"platform"`
	Format    int    `json:"format"`    // of stored data
	Behaviour int    `json:"behaviour"` // of decisions: equal numbers decide alike
}

// newVersion prints what this program is.
func newVersion(c *console) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Print what this program is",
		Long: `Print the version and commit of this program, the format in which it stores data,
and the version of its behaviour: two programs with the same number decide alike.`,
		Example: "  yardmaster version --json",
		Args:    arguments(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			b := newBuild()
			if asJSON {
				return c.json(b)
			}
			_, err := fmt.Fprintf(c.out, "yardmaster %s\n  commit     %s\n  go         %s %s\n  format     %d\n  behaviour  %d\n",
				b.Version, b.commit(), b.Go, b.Platform, b.Format, b.Behaviour)
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}

// newBuild reads what the toolchain noted in the program.
func newBuild() build {
	b := build{
		Version: "dev", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH,
		Format: core.Format, Behaviour: core.Behaviour,
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		b.Version = v
	}
	for _, setting := range info.Settings {
		switch setting.Key {
		case "vcs.revision":
			b.Commit = setting.Value
		case "vcs.modified":
			b.Modified = setting.Value == "true"
		}
	}
	return b
}

func (b build) commit() string {
	switch {
	case b.Commit == "":
		return "unknown"
	case b.Modified:
		return b.Commit + ", with changes"
	default:
		return b.Commit
	}
}
