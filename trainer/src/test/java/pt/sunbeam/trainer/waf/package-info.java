/** Replays held-out rows over HTTP to servers that judge them, so that firewalls of any kind can be compared. Test scope: nothing here ships. */
@NullMarked
package pt.sunbeam.trainer.waf;

import org.jspecify.annotations.NullMarked;
