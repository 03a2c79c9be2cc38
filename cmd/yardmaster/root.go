package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

// newRoot assembles the commands.
func newRoot(c *console) *cobra.Command {
	root := &cobra.Command{
		Use:   "yardmaster",
		Short: "Route support tickets and keep their service-level promises",
		Long: `Yardmaster routes support tickets and keeps their service-level promises.

Begin with a desk of your own:

  yardmaster init            write desk.yaml, with a comment on every key
  yardmaster check desk.yaml say all that is wrong with it
  yardmaster serve           run it: HTTP on 127.0.0.1:8080

or see what the engine makes of a recorded year:

  yardmaster replay          the bundled sample of a real record

Exit codes: 0 fine, 1 findings, 2 a mistake in the call or the configuration,
3 something cannot be reached.`,
		Example:       "  yardmaster replay\n  yardmaster serve --config desk.yaml --data ./yardmaster-data",
		Args:          arguments(cobra.NoArgs),
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetIn(c.in)
	root.SetOut(c.out)
	root.SetErr(c.err)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return fmt.Errorf("%w; `%s --help` lists the flags", err, cmd.CommandPath())
	})
	root.AddCommand(newInit(c), newCheck(c), newServe(c), newReplay(c), newDigest(c), newSchema(c), newVersion(c))
	return root
}

// arguments lets a wrong number of arguments say where help is.
func arguments(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return fmt.Errorf("%w; `%s --help` shows how it is called", err, cmd.CommandPath())
		}
		return nil
	}
}
