// SPDX-License-Identifier: Apache-2.0

/** Runs `call` at once, or when its last run and a rest are over: 500 wishes in a storm become two runs. */
export function paced(call, restMs) {
    let isRunning = false;
    let isWanted = false;
    return async function run() {
        isWanted = isRunning;
        if (isRunning) return;
        isRunning = true;
        await call();
        setTimeout(() => {
            isRunning = false;
            if (isWanted) run();
        }, restMs);
    };
}
