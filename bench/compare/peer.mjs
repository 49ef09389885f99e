// One round of the npm peer (node-llama-cpp, its prebuilt CPU build of llama.cpp): reads a prompt of PP random
// tokens, then generates TG tokens greedily. Prints {"pp_tps": …, "tg_tps": …}.
//
// usage: node peer.mjs MODULES MODEL THREADS PP TG ROUNDS      one line of JSON a round
import {createRequire} from "node:module";
import {pathToFileURL} from "node:url";
import path from "node:path";

const [modules, model, threads, pp, tg, rounds] = process.argv.slice(2);
const require = createRequire(path.join(path.resolve(modules), "package.json"));
const entry = require.resolve("node-llama-cpp");
const {getLlama} = await import(pathToFileURL(entry).href);

const count = {threads: Number(threads), pp: Number(pp), tg: Number(tg), rounds: Number(rounds)};
const llama = await getLlama({gpu: false, build: "never", maxThreads: count.threads, logLevel: "error"});
const loaded = await llama.loadModel({modelPath: model});
const context = await loaded.createContext({
    contextSize: count.pp + count.tg + 64, batchSize: 512, threads: count.threads, sequences: 1});
const sequence = context.getSequence();

// The same tokens in every round; ids from the middle of the vocabulary are ordinary ones.
let state = 1;
const prompt = Array.from({length: count.pp}, () => {
    state = (state * 48271) % 2147483647;
    return 300 + state % 20000;
});
const seconds = (begin) => Number(process.hrtime.bigint() - begin) / 1e9;

for (let round = 0; round <= count.rounds; ++round) {
    await sequence.clearHistory();
    const promptBegin = process.hrtime.bigint();
    await sequence.evaluateWithoutGeneratingNewTokens(prompt);
    const promptSeconds = seconds(promptBegin);
    let done = 0, begin = 0n;
    for await (const token of sequence.evaluate([300], {temperature: 0, yieldEogToken: true})) {
        if (done++ === 0)
            begin = process.hrtime.bigint(); // the first token also evaluates the one that was given
        if (done > count.tg)
            break;
    }
    const generated = done - 1;
    if (round > 0) // the first round touches every page
        console.log(JSON.stringify({pp_tps: count.pp / promptSeconds, tg_tps: generated / seconds(begin)}));
}
process.exit(0);
