package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/yardmaster/yardmaster/engine/config"
)

// newInit writes the starter desk.
func newInit(c *console) *cobra.Command {
	var force bool
	cmd := &cobra.Command{
		Use:   "init [FILE]",
		Short: "Write a desk.yaml to begin with",
		Long: `Write a small working desk, with a comment on every key, to FILE (desk.yaml when
left out; - is standard output). A file that exists is left alone unless --force.`,
		Example: "  yardmaster init\n  yardmaster init - | yardmaster check -",
		Args:    arguments(cobra.MaximumNArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			return c.init(append(args, "desk.yaml")[0], force)
		},
	}
	cmd.Flags().BoolVar(&force, "force", false, "write over a file that exists")
	return cmd
}

func (c *console) init(path string, force bool) error {
	if path == "-" {
		_, err := c.out.Write(config.Starter())
		return err
	}
	flags := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	if force {
		flags = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	file, err := os.OpenFile(path, flags, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s exists already; --force writes over it", path)
	}
	if err != nil {
		return unreachable(err)
	}
	_, err = file.Write(config.Starter())
	if err := errors.Join(err, file.Close()); err != nil {
		return unreachable(err)
	}
	fmt.Fprintf(c.err, "wrote %s; next: yardmaster serve --config %s\n", path, path) //nolint:errcheck // a hint
	return nil
}
