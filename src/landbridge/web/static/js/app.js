// Small helpers over pages that also work without them.
import "./times.js";
import "./upload.js";
import "./review.js";
